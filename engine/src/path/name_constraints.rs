//! Permitted and excluded subtrees (RFC 5280 4.2.1.10, 6.1.2 (b), (c), 6.1.3 (b), (c), 6.1.4 (g)).
//!
//! permitted_subtrees and excluded_subtrees are not merged into sets: the extension of every CA stays in effect
//! as it stands, a name must lie in the permitted subtrees of each CA that names its form, and in no excluded
//! subtree of any. That is the intersection and the union of 6.1.4 (g), without building either.
//!
//! Which certificates are checked is the caller's: all but self-issued ones that are not the target
//! (6.1.3 (b)).
//!
//! Where we differ from the text:
//! - A name of a constrained form whose syntax is wrong is not permitted, even by exclusions alone.
//! - A base that cannot be read permits nothing and excludes every name of its form; it is refused
//!   besides, by [`check_subtrees`].
//! - emailAddress in the subject is constrained unless there is an rfc822Name; the RFC asks for it only
//!   where there is no subjectAltName at all.
//! - An SmtpUTF8Mailbox is not permitted once rfc822Name is constrained (RFC 9598 6 would compare it).
//! - Constraints on otherName, x400Address, ediPartyName and registeredID are not processed: a name of such a
//!   form is refused once the form is constrained, critical or not.

use super::presented::{CommonNameIdentifier, Shown, common_names, email_addresses};
use super::subtree::{Base, BaseFault, Form, Sound};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::extension::{NameConstraints, Subtree};
use crate::certificate::general_name::GeneralName;
use crate::certificate::name::Name;
use crate::certificate::name_syntax::Mailbox;
use crate::finding::{Code, Value};
use crate::oid;

/// A code and the values compared, ready for a finding about the certificate being checked.
pub type Observation = (Code, Vec<(&'static str, Value)>);

/// The name constraints of the CA certificates so far, each with the place of its certificate in the path.
#[derive(Clone, Debug, Default)]
pub struct ConstraintsInEffect<'a> {
    list: Vec<(usize, &'a NameConstraints)>,
}

impl<'a> ConstraintsInEffect<'a> {
    /// Adds the constraints of the certificate at `position` (RFC 5280 6.1.4 (g), or of the anchor as RFC 5937
    /// has it).
    pub fn push(&mut self, position: usize, constraints: &'a NameConstraints) {
        self.list.push((position, constraints));
    }

    /// Nothing is constrained.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The names that constraints apply to.
#[derive(Clone, Copy, Debug)]
pub struct PresentedNames<'a> {
    /// The subject; may be empty.
    pub subject: &'a Name,
    /// subjectAltName; empty when absent.
    pub alternative: &'a [GeneralName],
}

/// Checks every name of a certificate against the constraints in effect (RFC 5280 6.1.3 (b), (c)). One
/// observation for each CA, form and rule, about the first name that failed it.
///
/// # Errors
/// [`BudgetExceeded`], before any comparison that does not fit.
pub fn check_names(
    in_effect: &ConstraintsInEffect<'_>,
    names: &PresentedNames<'_>,
    budget: &mut Budget,
) -> Result<Vec<Observation>, BudgetExceeded> {
    if in_effect.is_empty() {
        return Ok(Vec::new());
    }
    budget.name_comparisons(reading(in_effect, names))?;
    let mut observations = check_unsupported(in_effect, names);
    for form in Form::ALL {
        observations.extend(check_form(in_effect, form, &names.of_form(form), budget)?);
    }
    Ok(observations)
}

/// Checks the common names of `subject` as DNS names and addresses. Only for a target without subjectAltName
/// whose common name stands in for it under `common_name_fallback`: what may identify must be constrained.
///
/// # Errors
/// [`BudgetExceeded`], before any comparison that does not fit.
pub fn check_common_names(
    in_effect: &ConstraintsInEffect<'_>,
    subject: &Name,
    budget: &mut Budget,
) -> Result<Vec<Observation>, BudgetExceeded> {
    let (mut hosts, mut addresses) = (Vec::new(), Vec::new());
    for attribute in common_names(subject) {
        let shown = Shown::Attribute(attribute);
        match attribute.text.as_deref().and_then(CommonNameIdentifier::parse) {
            Some(CommonNameIdentifier::Address(address)) => {
                addresses.push(Presented { shown, sound: Some(Sound::Address(address)) });
            }
            Some(CommonNameIdentifier::Dns(name)) => {
                hosts.push(Presented { shown, sound: Some(Sound::Dns(name)) })
            }
            // Such a common name never matches a reference identifier.
            None => {}
        }
    }
    let mut observations = check_form(in_effect, Form::Dns, &hosts, budget)?;
    observations.extend(check_form(in_effect, Form::Address, &addresses, budget)?);
    Ok(observations)
}

/// Checks the extension itself (RFC 5280 4.2.1.10): it is not empty, minimum and maximum are not used, and
/// every base has the syntax of its form. One observation for each of the two lists.
#[must_use]
pub fn check_subtrees(constraints: &NameConstraints) -> Vec<Observation> {
    if constraints.permitted.is_empty() && constraints.excluded.is_empty() {
        return vec![(Code::NameConstraintSyntax, vec![("fault", Value::text("empty"))])];
    }
    let lists = [("permittedSubtrees", &constraints.permitted), ("excludedSubtrees", &constraints.excluded)];
    lists.into_iter().filter_map(|(list, subtrees)| check_list(list, subtrees)).collect()
}

fn check_list(list: &'static str, subtrees: &[Subtree]) -> Option<Observation> {
    let mut faults =
        subtrees.iter().filter_map(|subtree| subtree_fault(subtree).map(|fault| (subtree, fault)));
    let (subtree, fault) = faults.next()?;
    let details = vec![
        ("list", Value::text(list)),
        ("form", Value::text(subtree.base.form())),
        ("base", Shown::General(&subtree.base).value()),
        ("fault", Value::text(fault)),
        ("faults", Value::count(faults.count().saturating_add(1))),
    ];
    Some((Code::NameConstraintSyntax, details))
}

fn subtree_fault(subtree: &Subtree) -> Option<&'static str> {
    match Base::read(&subtree.base) {
        _ if subtree.has_bounds => Some("minimum-or-maximum"),
        Ok(_) | Err(BaseFault::Unsupported) => None,
        Err(fault) => Some(fault.as_str()),
    }
}

/// RFC 5280 4.2.1.10: "MUST either process the constraint or reject the certificate".
fn check_unsupported(in_effect: &ConstraintsInEffect<'_>, names: &PresentedNames<'_>) -> Vec<Observation> {
    let mut presented: Vec<&'static str> = Vec::new();
    for name in names.alternative {
        if Form::of(name).is_none() && !presented.contains(&name.form()) {
            presented.push(name.form());
        }
    }
    let mut observations = Vec::new();
    for (position, constraints) in &in_effect.list {
        for form in presented.iter().copied() {
            let mut subtrees = constraints.permitted.iter().chain(&constraints.excluded);
            if subtrees.any(|subtree| subtree.base.form() == form) {
                let details = vec![("form", Value::text(form)), ("constrainedBy", Value::count(*position))];
                observations.push((Code::NameConstraintUnsupported, details));
            }
        }
    }
    observations
}

/// A presented name: `sound` is `None` when its syntax is wrong.
struct Presented<'a> {
    shown: Shown<'a>,
    sound: Option<Sound<'a>>,
}

impl<'a> PresentedNames<'a> {
    fn of_form(&self, form: Form) -> Vec<Presented<'a>> {
        let of_form = self.alternative.iter().filter(|name| Form::of(name) == Some(form));
        let alternative =
            of_form.map(|name| Presented { shown: Shown::General(name), sound: Sound::read(name) });
        let mut presented: Vec<_> = alternative.collect();
        match form {
            // RFC 5280 4.2.1.10: "to the subject field … (when … non-empty)".
            Form::Directory if !self.subject.is_empty() => {
                let sound = Some(Sound::Directory(self.subject));
                presented.push(Presented { shown: Shown::Directory(self.subject), sound });
            }
            Form::Mail => {
                // RFC 5280 4.2.1.10: "MUST be applied to the attribute of type emailAddress".
                if presented.is_empty() {
                    presented.extend(subject_mailboxes(self.subject));
                }
                presented.extend(self.internationalized_mailboxes());
            }
            Form::Address | Form::Directory | Form::Dns | Form::Uri => {}
        }
        presented
    }

    /// RFC 9598 6: an SmtpUTF8Mailbox is subject to rfc822Name constraints. It is not read here, so it is a
    /// name of which nothing can be said.
    fn internationalized_mailboxes(&self) -> impl Iterator<Item = Presented<'a>> {
        let is_mailbox = |name: &&GeneralName| matches!(name, GeneralName::OtherName(kind, _) if *kind == oid::SMTP_UTF8_MAILBOX);
        let mailboxes = self.alternative.iter().filter(is_mailbox);
        mailboxes.map(|name| Presented { shown: Shown::General(name), sound: None })
    }
}

fn subject_mailboxes(subject: &Name) -> impl Iterator<Item = Presented<'_>> {
    email_addresses(subject).map(|attribute| {
        let mailbox = attribute.text.as_deref().and_then(|text| Mailbox::parse(text).ok());
        Presented { shown: Shown::Attribute(attribute), sound: mailbox.map(Sound::Mail) }
    })
}

/// The subtrees of one CA and one form, read once for all names.
struct Subtrees<'a> {
    position: usize,
    form: Form,
    permitted: Vec<Option<Base<'a>>>,
    excluded: Vec<(&'a GeneralName, Option<Base<'a>>)>,
}

impl<'a> Subtrees<'a> {
    fn read(position: usize, constraints: &'a NameConstraints, form: Form) -> Self {
        let base = |subtree: &'a Subtree| Base::read(&subtree.base).ok().filter(|_| !subtree.has_bounds);
        let of_form = |subtree: &&Subtree| Form::of(&subtree.base) == Some(form);
        Self {
            position,
            form,
            permitted: constraints.permitted.iter().filter(of_form).map(base).collect(),
            excluded: constraints.excluded.iter().filter(of_form).map(|one| (&one.base, base(one))).collect(),
        }
    }

    fn count(&self) -> usize {
        self.permitted.len().saturating_add(self.excluded.len())
    }

    /// 6.1.3 (b): in one of this CA's permitted subtrees, where it names the form. A name that cannot be read
    /// is in none.
    fn permits(&self, name: &Presented<'_>) -> bool {
        let Some(sound) = &name.sound else { return self.count() == 0 };
        self.permitted.is_empty() || self.permitted.iter().flatten().any(|base| base.holds_all(sound))
    }

    /// 6.1.3 (c): the excluded subtree that holds it.
    fn excluding(&self, name: &Presented<'_>) -> Option<&'a GeneralName> {
        let sound = name.sound.as_ref()?;
        let holds = |base: &Option<Base<'_>>| base.as_ref().is_none_or(|base| base.holds_some(sound));
        self.excluded.iter().find(|(_, base)| holds(base)).map(|(shown, _)| *shown)
    }

    fn not_permitted(&self, presented: &[Presented<'_>]) -> Option<Observation> {
        let mut refused = presented.iter().filter(|name| !self.permits(name));
        let mut details = self.details(refused.next()?);
        details.push(("names", Value::count(refused.count().saturating_add(1))));
        Some((Code::NotPermitted, details))
    }

    fn excluded(&self, presented: &[Presented<'_>]) -> Option<Observation> {
        let mut refused = presented.iter().filter_map(|name| self.excluding(name).map(|base| (name, base)));
        let (name, base) = refused.next()?;
        let mut details = self.details(name);
        details.push(("base", Shown::General(base).value()));
        details.push(("names", Value::count(refused.count().saturating_add(1))));
        Some((Code::Excluded, details))
    }

    fn details(&self, name: &Presented<'_>) -> Vec<(&'static str, Value)> {
        vec![
            ("form", Value::text(self.form.as_str())),
            ("name", name.shown.value()),
            ("constrainedBy", Value::count(self.position)),
        ]
    }
}

/// Names and constraints are read anew on every path; several of them cost what one comparison does.
fn reading(in_effect: &ConstraintsInEffect<'_>, names: &PresentedNames<'_>) -> u32 {
    let subtrees = in_effect.list.iter().map(|(_, constraints)| {
        constraints.permitted.len().saturating_add(constraints.excluded.len()).div_euclid(8)
    });
    let presented = names.alternative.len().div_euclid(4);
    units(subtrees.fold(presented, usize::saturating_add))
}

/// A comparison touches no more octets than the shorter of the two has: each 64 of them count as one more.
fn weight(presented: &[Presented<'_>], constraints: &NameConstraints, form: Form) -> usize {
    let name = presented.iter().map(|name| name.shown.octets()).max().unwrap_or_default();
    let subtrees = constraints.permitted.iter().chain(&constraints.excluded);
    let bases = subtrees.map(|subtree| &subtree.base).filter(|base| Form::of(base) == Some(form));
    let base = bases.map(|base| Shown::General(base).octets()).max().unwrap_or_default();
    name.min(base).div_euclid(64).saturating_add(1)
}

fn units(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn check_form(
    in_effect: &ConstraintsInEffect<'_>,
    form: Form,
    presented: &[Presented<'_>],
    budget: &mut Budget,
) -> Result<Vec<Observation>, BudgetExceeded> {
    let mut observations = Vec::new();
    if presented.is_empty() {
        return Ok(observations);
    }
    for (position, constraints) in &in_effect.list {
        let subtrees = Subtrees::read(*position, constraints, form);
        let comparisons = presented.len().saturating_mul(subtrees.count());
        budget.name_comparisons(units(comparisons.saturating_mul(weight(presented, constraints, form))))?;
        observations.extend(subtrees.not_permitted(presented));
        observations.extend(subtrees.excluded(presented));
    }
    Ok(observations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Limits;
    use crate::oid::Oid;

    const CN: Oid = oid::COMMON_NAME;

    fn dns(text: &str) -> GeneralName {
        GeneralName::DnsName(text.to_owned())
    }

    fn mail(text: &str) -> GeneralName {
        GeneralName::Rfc822Name(text.to_owned())
    }

    fn uri(text: &str) -> GeneralName {
        GeneralName::Uri(text.to_owned())
    }

    fn ip(octets: &[u8]) -> GeneralName {
        GeneralName::IpAddress(octets.to_vec())
    }

    fn directory(common_name: &str) -> GeneralName {
        GeneralName::DirectoryName(Name::of_attributes(&[(CN, common_name)]))
    }

    fn other() -> GeneralName {
        GeneralName::OtherName(CN, Vec::new())
    }

    fn subtrees(bases: &[GeneralName]) -> Vec<Subtree> {
        bases.iter().map(|base| Subtree { base: base.clone(), has_bounds: false }).collect()
    }

    fn ca(permitted: &[GeneralName], excluded: &[GeneralName]) -> NameConstraints {
        NameConstraints { permitted: subtrees(permitted), excluded: subtrees(excluded) }
    }

    fn in_effect(list: &[NameConstraints]) -> ConstraintsInEffect<'_> {
        let mut in_effect = ConstraintsInEffect::default();
        for (position, constraints) in list.iter().enumerate() {
            in_effect.push(position, constraints);
        }
        in_effect
    }

    fn observe(list: &[NameConstraints], subject: &Name, alternative: &[GeneralName]) -> Vec<Observation> {
        let names = PresentedNames { subject, alternative };
        check_names(&in_effect(list), &names, &mut Budget::new(Limits::DEFAULT)).unwrap()
    }

    fn codes(observations: &[Observation]) -> Vec<Code> {
        observations.iter().map(|(code, _)| *code).collect()
    }

    /// The codes for a certificate with an empty subject.
    fn check(list: &[NameConstraints], alternative: &[GeneralName]) -> Vec<Code> {
        codes(&observe(list, &Name::of_attributes(&[]), alternative))
    }

    use Code::{Excluded, NameConstraintSyntax, NameConstraintUnsupported, NotPermitted};

    #[test]
    fn nothing_in_effect_refuses_nothing() {
        assert_eq!(check(&[], &[dns("a b"), other()]), []);
        assert!(ConstraintsInEffect::default().is_empty());
    }

    #[test]
    fn a_form_without_permitted_subtrees_is_free() {
        let only_addresses = ca(&[ip(&[192, 0, 2, 0, 255, 255, 255, 0])], &[]);
        assert_eq!(
            check(std::slice::from_ref(&only_addresses), &[dns("example.com"), mail("a@b.example")]),
            []
        );
        assert_eq!(check(&[only_addresses], &[]), []);
    }

    #[test]
    fn each_name_of_a_form_must_be_permitted() {
        let list = [ca(&[dns("example.com"), dns("example.net")], &[])];
        assert_eq!(check(&list, &[dns("a.example.com"), dns("example.net")]), []);
        assert_eq!(check(&list, &[dns("a.example.com"), dns("example.org")]), [NotPermitted]);
    }

    #[test]
    fn an_excluded_name_is_refused_though_permitted() {
        let list = [ca(&[dns("example.com")], &[dns("bad.example.com")])];
        assert_eq!(check(&list, &[dns("good.example.com")]), []);
        assert_eq!(check(&list, &[dns("a.BAD.example.com")]), [Excluded]);
        assert_eq!(check(&list, &[dns("bad.example.net")]), [NotPermitted]);
    }

    #[test]
    fn constraints_of_every_ca_stay_in_effect() {
        let permits = ca(&[dns("foo.example.com"), dns("bar.example.com")], &[]);
        let narrows = ca(&[dns("bar.example.com")], &[]);
        let excludes_only = ca(&[], &[dns("evil.example.com")]);
        for list in [[permits.clone(), narrows.clone()], [narrows, permits.clone()]] {
            assert_eq!(check(&list, &[dns("bar.example.com")]), []);
            assert_eq!(check(&list, &[dns("foo.example.com")]), [NotPermitted]);
        }
        for list in [[permits.clone(), excludes_only.clone()], [excludes_only, permits]] {
            assert_eq!(check(&list, &[dns("foo.example.com")]), []);
            assert_eq!(check(&list, &[dns("evil.example.com")]).len(), 2);
            assert_eq!(check(&list, &[dns("other.example.com")]), [NotPermitted]);
        }
    }

    #[test]
    fn disjoint_permitted_subtrees_permit_nothing() {
        let list = [ca(&[dns("a.example")], &[]), ca(&[dns("b.example")], &[])];
        assert_eq!(check(&list, &[dns("a.example")]), [NotPermitted]);
        assert_eq!(check(&list, &[dns("b.example")]), [NotPermitted]);
    }

    #[test]
    fn an_address_of_the_other_family_is_not_permitted_but_not_excluded() {
        let network = ip(&[192, 0, 2, 0, 255, 255, 255, 0]);
        let loopback = ip(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        assert_eq!(
            check(&[ca(std::slice::from_ref(&network), &[])], std::slice::from_ref(&loopback)),
            [NotPermitted]
        );
        assert_eq!(check(&[ca(&[], &[network])], &[loopback]), []);
    }

    #[test]
    fn a_malformed_name_is_refused_once_its_form_is_constrained() {
        let lists = [ca(&[dns("example.com")], &[]), ca(&[], &[dns("example.net")])];
        for constraints in lists {
            for name in
                ["", ".example.com", "example.com.", "a\0.example.com", "a_b.example.com", "*", "8.8.8.8"]
            {
                assert_eq!(check(std::slice::from_ref(&constraints), &[dns(name)]), [NotPermitted], "{name}");
            }
        }
        let network = ip(&[192, 0, 2, 0, 255, 255, 255, 0]);
        assert_eq!(check(&[ca(std::slice::from_ref(&network), &[])], &[network]), [NotPermitted]);
        let list = [ca(&[mail("example.com")], &[])];
        assert_eq!(check(&list, &[mail("good@example.com"), mail("a@b@example.com")]), [NotPermitted]);
        assert_eq!(check(&list, &[dns("a b")]), []);
    }

    #[test]
    fn a_uri_without_a_host_name_is_refused_once_uris_are_constrained() {
        for constraints in
            [ca(&[uri("example.com")], &[]), ca(&[], &[uri("example.net")]), ca(&[uri("")], &[])]
        {
            let list = [constraints];
            for name in
                ["urn:a", "https://192.0.2.1/", "https://[::1]/", "https://[fe80::1%25a]/", "file:///a"]
            {
                assert_eq!(check(&list, &[uri(name)]), [NotPermitted], "{name}");
            }
            assert_eq!(check(&list, &[uri("https://example.com/")]), []);
        }
    }

    #[test]
    fn several_mailboxes_with_one_local_part_all_count() {
        let list = [ca(&[], &[mail("root@a.example"), mail("root@b.example")])];
        for (name, expected) in [("root@a.example", 1), ("root@b.example", 1), ("root@c.example", 0)] {
            assert_eq!(check(&list, &[mail(name)]).len(), expected, "{name}");
        }
        let list = [ca(&[mail("root@a.example"), mail("root@b.example")], &[])];
        for (name, expected) in [("root@a.example", 0), ("root@b.example", 0), ("root@c.example", 1)] {
            assert_eq!(check(&list, &[mail(name)]).len(), expected, "{name}");
        }
    }

    #[test]
    fn mail_addresses_in_the_subject_count_without_an_rfc822_name() {
        let subject =
            Name::of_attributes(&[(oid::EMAIL_ADDRESS, "a@bad.example"), (oid::EMAIL_ADDRESS, "a@b@c")]);
        let excluded = [ca(&[], &[mail("bad.example")])];
        assert_eq!(codes(&observe(&excluded, &subject, &[])), [NotPermitted, Excluded]);
        assert_eq!(codes(&observe(&excluded, &subject, &[dns("a.example")])), [NotPermitted, Excluded]);
        assert_eq!(codes(&observe(&excluded, &subject, &[mail("a@good.example")])), []);
        let permitted = [ca(&[mail("bad.example")], &[])];
        let one = Name::of_attributes(&[(oid::EMAIL_ADDRESS, "a@bad.example")]);
        assert_eq!(codes(&observe(&permitted, &one, &[])), []);
    }

    #[test]
    fn an_internationalized_mailbox_is_refused_once_mail_is_constrained() {
        let names = [GeneralName::OtherName(oid::SMTP_UTF8_MAILBOX, Vec::new())];
        assert_eq!(check(&[ca(&[mail("example.com")], &[])], &names), [NotPermitted]);
        assert_eq!(check(&[ca(&[], &[mail("example.com")])], &names), [NotPermitted]);
        assert_eq!(check(&[ca(&[dns("example.com")], &[])], &names), []);
        assert_eq!(check(&[ca(&[mail("example.com")], &[])], &[other()]), []);
    }

    #[test]
    fn directory_constraints_apply_to_subject_and_alternative_names() {
        let (foo, not_foo) = (Name::of_attributes(&[(CN, "foo")]), Name::of_attributes(&[(CN, "not-foo")]));
        let (permitted, excluded) = ([ca(&[directory("foo")], &[])], [ca(&[], &[directory("foo")])]);
        assert_eq!(codes(&observe(&permitted, &foo, &[directory("foo")])), []);
        assert_eq!(codes(&observe(&permitted, &not_foo, &[directory("foo")])), [NotPermitted]);
        assert_eq!(codes(&observe(&permitted, &foo, &[directory("not-foo")])), [NotPermitted]);
        assert_eq!(codes(&observe(&excluded, &foo, &[directory("not-foo")])), [Excluded]);
        assert_eq!(codes(&observe(&excluded, &not_foo, &[directory("foo")])), [Excluded]);
        assert_eq!(codes(&observe(&excluded, &not_foo, &[])), []);
        // An empty subject is no name.
        assert_eq!(check(&permitted, &[dns("example.com")]), []);
    }

    #[test]
    fn an_unprocessed_form_is_refused_only_where_it_appears() {
        let list = [ca(&[dns("example.com")], &[other()])];
        assert_eq!(check(&list, &[dns("example.com")]), []);
        assert_eq!(check(&list, &[dns("example.com"), other(), other()]), [NameConstraintUnsupported]);
        assert_eq!(check(&[ca(&[other()], &[])], &[other()]), [NameConstraintUnsupported]);
        assert_eq!(check(&[ca(&[other()], &[])], &[GeneralName::RegisteredId(CN)]), []);
        let registered = GeneralName::RegisteredId(CN);
        for form in [registered, GeneralName::X400Address(vec![]), GeneralName::EdiPartyName(vec![])] {
            let list = [ca(&[], std::slice::from_ref(&form))];
            assert_eq!(check(&list, &[form]), [NameConstraintUnsupported]);
        }
    }

    #[test]
    fn a_base_that_cannot_be_read_permits_nothing_and_excludes_everything() {
        assert_eq!(check(&[ca(&[dns("*.example.com")], &[])], &[dns("a.example.com")]), [NotPermitted]);
        assert_eq!(check(&[ca(&[], &[dns("*.example.com")])], &[dns("a.example.net")]), [Excluded]);
        let bounded = vec![Subtree { base: dns("example.com"), has_bounds: true }];
        let list = [NameConstraints { permitted: bounded, excluded: Vec::new() }];
        assert_eq!(check(&list, &[dns("example.com")]), [NotPermitted]);
    }

    #[test]
    fn an_observation_shows_the_first_name_and_counts_the_rest() {
        let list = [ca(&[], &[dns("x.example")]), ca(&[], &[dns("example.com")])];
        let names = [dns("a.example"), dns("a.example.com"), dns("b.example.com")];
        let expected = vec![
            ("form", Value::text("dNSName")),
            ("name", Value::text("a.example.com")),
            ("constrainedBy", Value::Number(1)),
            ("base", Value::text("example.com")),
            ("names", Value::Number(2)),
        ];
        assert_eq!(observe(&list, &Name::of_attributes(&[]), &names), [(Excluded, expected)]);
    }

    #[test]
    fn the_extension_itself_is_checked() {
        let syntax = |constraints: &NameConstraints| codes(&check_subtrees(constraints));
        assert_eq!(syntax(&ca(&[dns("example.com"), other()], &[ip(&[0; 8])])), []);
        assert_eq!(syntax(&ca(&[], &[])), [NameConstraintSyntax]);
        assert_eq!(syntax(&ca(&[ip(&[127, 0, 0, 1])], &[])), [NameConstraintSyntax]);
        let both = ca(&[dns("*.a.example"), dns("ok.example"), dns("b.example.")], &[mail("a@b@c")]);
        let expected = vec![
            ("list", Value::text("permittedSubtrees")),
            ("form", Value::text("dNSName")),
            ("base", Value::text("*.a.example")),
            ("fault", Value::text("wildcard")),
            ("faults", Value::Number(2)),
        ];
        let observations = check_subtrees(&both);
        assert_eq!(observations[0], (NameConstraintSyntax, expected));
        assert_eq!(codes(&observations), [NameConstraintSyntax, NameConstraintSyntax]);
        for base in [dns("example.com"), other()] {
            let bounded = vec![Subtree { base, has_bounds: true }];
            assert_eq!(
                syntax(&NameConstraints { permitted: bounded, excluded: vec![] }),
                [NameConstraintSyntax]
            );
        }
    }

    #[test]
    fn common_names_are_checked_as_what_they_may_identify() {
        let list =
            [ca(&[dns("example.com"), ip(&[192, 0, 2, 0, 255, 255, 255, 0])], &[dns("bad.example.com")])];
        for (common_name, expected) in [
            ("www.example.com", vec![]),
            ("*.example.com", vec![Excluded]),
            ("*.www.example.com", vec![]),
            ("www.example.net", vec![NotPermitted]),
            ("192.0.2.1", vec![]),
            ("192.0.3.1", vec![NotPermitted]),
            ("::1", vec![NotPermitted]),
            ("John Smith", vec![]),
            ("ex\u{e4}mple.net", vec![]),
            ("www.example.net\0", vec![]),
        ] {
            let subject = Name::of_attributes(&[(CN, common_name)]);
            let mut budget = Budget::new(Limits::DEFAULT);
            let observations = check_common_names(&in_effect(&list), &subject, &mut budget).unwrap();
            assert_eq!(codes(&observations), expected, "{common_name}");
            // Without the fallback the common name is no identifier, whatever it looks like.
            assert_eq!(codes(&observe(&list, &subject, &[])), []);
        }
    }

    #[test]
    fn comparisons_are_charged_by_form_before_they_are_made() {
        let list = [ca(&[dns("a.example"), dns("b.example"), mail("a.example")], &[dns("c.example")])];
        let names = [dns("a.example"), dns("b.example"), uri("urn:a")];
        let subject = Name::of_attributes(&[]);
        let presented = PresentedNames { subject: &subject, alternative: &names };
        for (limit, within) in [(6, true), (5, false)] {
            let mut budget = Budget::new(Limits { name_comparisons: limit, ..Limits::DEFAULT });
            let checked = check_names(&in_effect(&list), &presented, &mut budget);
            assert_eq!(checked.is_ok(), within);
            assert_eq!(budget.spent().name_comparisons, if within { 6 } else { 0 });
        }
    }

    #[test]
    fn long_names_are_charged_by_their_octets() {
        let spent = |base: usize, name: usize| {
            let long = |octets: usize| dns(&"x".repeat(octets));
            let list = [ca(&[], &[long(base)])];
            let names = [long(name)];
            let subject = Name::of_attributes(&[]);
            let presented = PresentedNames { subject: &subject, alternative: &names };
            let mut budget = Budget::new(Limits::DEFAULT);
            check_names(&in_effect(&list), &presented, &mut budget).unwrap();
            budget.spent().name_comparisons
        };
        assert_eq!([spent(63, 63), spent(64, 64), spent(127, 128), spent(128, 128)], [1, 2, 2, 3]);
        assert_eq!([spent(1_280, 10), spent(10, 1_280)], [1, 1], "the shorter of the two counts");
    }

    #[test]
    fn a_product_beyond_the_limit_ends_before_the_work() {
        let many = |kind: fn(usize) -> GeneralName| (0..10_000).map(kind).collect::<Vec<_>>();
        let bases = many(|number| dns(&format!("x{number}.example")));
        let names = many(|number| dns(&format!("t{number}.example")));
        let list = [ca(&bases, &bases)];
        let subject = Name::of_attributes(&[]);
        let presented = PresentedNames { subject: &subject, alternative: &names };
        let mut budget = Budget::new(Limits::DEFAULT);
        let refused = check_names(&in_effect(&list), &presented, &mut budget).unwrap_err();
        assert_eq!((refused.limit, refused.allowed), ("name-comparisons", 250_000));
        assert_eq!(budget.spent().name_comparisons, 5_000, "reading them is charged");

        // The subject's mail addresses are names like any other.
        let addresses: Vec<String> = (0..10_000).map(|number| format!("t{number}@test")).collect();
        let attributes: Vec<_> =
            addresses.iter().map(|address| (oid::EMAIL_ADDRESS, address.as_str())).collect();
        let subject = Name::of_attributes(&attributes);
        let list = [ca(&[], &many(|number| mail(&format!("x{number}@test"))))];
        let presented = PresentedNames { subject: &subject, alternative: &[] };
        assert!(check_names(&in_effect(&list), &presented, &mut Budget::new(Limits::DEFAULT)).is_err());
    }
}
