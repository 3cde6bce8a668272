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
            // RFC 5280 4.2.1.10: "MUST be applied to the attribute of type emailAddress".
            Form::Mail if presented.is_empty() => presented.extend(subject_mailboxes(self.subject)),
            Form::Address | Form::Directory | Form::Dns | Form::Mail | Form::Uri => {}
        }
        presented
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
        budget.name_comparisons(u32::try_from(comparisons).unwrap_or(u32::MAX))?;
        observations.extend(subtrees.not_permitted(presented));
        observations.extend(subtrees.excluded(presented));
    }
    Ok(observations)
}
