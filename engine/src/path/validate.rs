//! Judges one candidate path: RFC 5280 6.1.2 to 6.1.5, one function a step; each rule is in a file of its own.
//!
//! Every finding is collected, not the first alone, except that nothing more is asked of a path whose
//! signatures do not hold: what such a certificate says is nobody's word.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::basic_constraints::{self, PathLengthState, PathRole};
use super::build::Builder;
use super::certificate_policies::{PolicyExtensions, PolicyRefusal, PolicyState, ValidPolicies};
use super::form::{self, Place};
use super::identity::{self, ReferenceIdentifier};
use super::name_constraints::{self, ConstraintsInEffect, PresentedNames};
use super::{
    CandidatePath, Observation, Pool, algorithm, critical_extension, link, subject_at, usage, validity,
};
use crate::budget::{Budget, BudgetExceeded};
use crate::certificate::Certificate;
use crate::certificate::public_key::{DsaParameters, KeyMaterial};
use crate::finding::{Code, Finding, Findings, Severity};
use crate::order;
use crate::settings::{Purpose, Settings};
use crate::time::Instant;
use crate::trust::TrustRole;

/// What every candidate path of one evaluation is judged by.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The certificates.
    pub pool: &'a Pool<'a>,
    /// What the administrator chose.
    pub settings: &'a Settings,
    /// The moment of validation.
    pub at: Instant,
    /// The purpose, if one was asked for.
    pub purpose: Option<&'a Purpose>,
    /// The reference identifiers; empty asks for no name.
    pub names: &'a [ReferenceIdentifier],
}

/// What was learnt from earlier candidate paths of the same evaluation: none of it depends on the path.
#[derive(Debug, Default)]
pub struct Memory {
    certificates: BTreeMap<(usize, Place), Vec<Observation>>,
    links: BTreeMap<(usize, usize), Vec<Observation>>,
    identity: Option<Vec<Observation>>,
}

/// A path that no rule refuses. Only [`judge`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatedPath {
    candidate: CandidatePath,
    policies: ValidPolicies,
}

impl ValidatedPath {
    /// The path.
    #[must_use]
    pub fn candidate(&self) -> &CandidatePath {
        &self.candidate
    }

    /// The policies valid for it (RFC 5280 6.1.6).
    #[must_use]
    pub fn policies(&self) -> &ValidPolicies {
        &self.policies
    }
}

/// What became of one candidate path.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The path as proposed.
    pub candidate: CandidatePath,
    /// Everything observed, the target's first.
    pub findings: Vec<Finding>,
    /// The proof that it was accepted, or how far the refusal reaches.
    pub outcome: Result<ValidatedPath, Reach>,
}

/// How far a refusal reaches beyond the path it was observed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Another path may do better.
    Path,
    /// No path may hold this link from a certificate to its issuer.
    Link(usize, usize),
    /// No path may hold these certificates as issuers.
    Issuers(Vec<usize>),
    /// No path at all will do: the target itself is refused.
    Target,
}

impl Reach {
    /// Tells the builder, so that it proposes nothing that must fail again; breaks where no path at all will do.
    pub fn teach(self, builder: &mut Builder<'_, '_>) -> ControlFlow<()> {
        match self {
            Self::Path => {}
            Self::Link(child, issuer) => builder.refuse_link(child, issuer),
            Self::Issuers(issuers) => issuers.into_iter().for_each(|issuer| builder.refuse_issuer(issuer)),
            Self::Target => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }
}

/// Judges a candidate path.
///
/// # Errors
/// [`BudgetExceeded`] when the work allowed is used up; nothing is known about the path then.
pub fn judge(
    candidate: CandidatePath,
    context: &Context<'_>,
    memory: &mut Memory,
    budget: &mut Budget,
) -> Result<Judged, BudgetExceeded> {
    budget.candidate_path()?;
    let mut findings = Findings::new(&context.settings.levels);
    let by_themselves = judge_certificates(&candidate, context, memory, &mut findings);
    let link = judge_links(&candidate, context, memory, (&mut findings, budget))?;
    let mut policies = ValidPolicies::default();
    // Nor of a path whose signatures the host has yet to answer for: it will be judged again.
    if link.is_none() && !budget.outsourced().awaits() {
        policies = judge_path(&candidate, context, &mut findings, budget)?;
        judge_identity(&candidate, context, memory, &mut findings);
    }
    let refused = findings.denies();
    let mut findings = findings.into_list();
    order::sort_by_key(&mut findings, |finding| finding.subject.map(|subject| subject.position));
    let outcome = match (refused, link, by_themselves) {
        (false, _, _) => Ok(ValidatedPath { candidate: candidate.clone(), policies }),
        (true, _, _) if target_refused(&findings) => Err(Reach::Target),
        (true, Some((child, issuer)), _) => Err(Reach::Link(child, issuer)),
        (true, None, issuers) if !issuers.is_empty() => Err(Reach::Issuers(issuers)),
        (true, None, _) => Err(Reach::Path),
    };
    Ok(Judged { candidate, findings, outcome })
}

/// Whether the target is refused for something that no other path changes.
fn target_refused(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| {
        finding.severity == Severity::Deny
            && finding.subject.is_some_and(|subject| subject.position == 0)
            && !finding.code.depends_on_path()
    })
}

fn report(findings: &mut Findings<'_>, position: usize, certificate: &Certificate, observed: &[Observation]) {
    for (code, details) in observed {
        findings.report(*code, subject_at(position, certificate), details.clone());
    }
}

/// Rules on each certificate in its place; gives the issuers that are refused by themselves.
fn judge_certificates(
    candidate: &CandidatePath,
    context: &Context<'_>,
    memory: &mut Memory,
    findings: &mut Findings<'_>,
) -> Vec<usize> {
    let last = candidate.numbers().len().saturating_sub(1);
    let mut refused = Vec::new();
    for (position, number) in candidate.numbers().iter().enumerate() {
        let Some(member) = context.pool.get(*number) else { continue };
        let place = match position {
            0 => Place::Target,
            _ if position == last => Place::Anchor,
            _ => Place::Intermediate,
        };
        let observed = memory
            .certificates
            .entry((*number, place))
            .or_insert_with(|| observe_certificate(member.certificate, member.role, place, context));
        let mut own = Findings::new(&context.settings.levels);
        report(&mut own, position, member.certificate, observed);
        if own.denies() && place != Place::Target {
            refused.push(*number);
        }
        report(findings, position, member.certificate, observed);
    }
    refused
}

fn observe_certificate(
    certificate: &Certificate,
    role: Option<TrustRole>,
    place: Place,
    context: &Context<'_>,
) -> Vec<Observation> {
    if role == Some(TrustRole::Distrusted) {
        return vec![(Code::Distrusted, Vec::new())];
    }
    let settings = context.settings;
    match place {
        Place::Anchor => observe_anchor(certificate, context),
        Place::Intermediate => {
            let mut observed = validity::check_validity(certificate, context.at);
            observed.extend(form::check_form(certificate, place, settings));
            observed.extend(
                context
                    .purpose
                    .map(|purpose| usage::check_issuer_purpose(certificate, purpose))
                    .unwrap_or_default(),
            );
            observed
        }
        Place::Target => {
            let mut observed = validity::check_validity(certificate, context.at);
            // A target that is trusted as it stands is not asked how its CA should have written it.
            if role.is_some_and(TrustRole::is_leaf) {
                observed.extend(algorithm::check_key(certificate, &settings.algorithms));
            } else {
                observed.extend(form::check_form(certificate, place, settings));
            }
            observed.extend(
                context
                    .purpose
                    .map(|purpose| usage::check_target_purpose(certificate, purpose))
                    .unwrap_or_default(),
            );
            observed
        }
    }
}

/// RFC 5280 6.1.1 (d) and RFC 5937: as much of the anchor's certificate as the settings enforce.
fn observe_anchor(certificate: &Certificate, context: &Context<'_>) -> Vec<Observation> {
    let settings = context.settings;
    let mut observed = Vec::new();
    if settings.anchors.validity {
        observed.extend(validity::check_validity(certificate, context.at));
    }
    if settings.anchors.form {
        observed.extend(form::check_form(certificate, Place::Anchor, settings));
    } else {
        observed.extend(algorithm::check_key(certificate, &settings.algorithms));
    }
    if settings.anchors.constraints {
        observed.extend(basic_constraints::check_anchor_constraint(certificate.extensions.basic_constraints));
        observed.extend(usage::check_anchor_cert_sign(certificate));
        // RFC 5937 3: constraints that are not understood must not be passed over. The form rules say so already.
        if !settings.anchors.form {
            observed.extend(critical_extension::check_critical_extensions(certificate));
        }
        observed.extend(
            context
                .purpose
                .map(|purpose| usage::check_anchor_purpose(certificate, purpose))
                .unwrap_or_default(),
        );
    }
    observed
}

/// RFC 5280 6.1.3 (a)(1), from the target upwards; gives the first link that does not hold.
fn judge_links(
    candidate: &CandidatePath,
    context: &Context<'_>,
    memory: &mut Memory,
    (findings, budget): (&mut Findings<'_>, &mut Budget),
) -> Result<Option<(usize, usize)>, BudgetExceeded> {
    let certificates = candidate.certificates(context.pool);
    let inherited = working_dsa_parameters(&certificates);
    let links = candidate.numbers().windows(2).zip(certificates.windows(2)).zip(inherited.iter().skip(1));
    for (position, ((numbers, pair), parameters)) in links.enumerate() {
        let ([child_number, issuer_number], [child, issuer]) = (numbers, pair) else { continue };
        let key = (*child_number, *issuer_number);
        let observed = match memory.links.get(&key) {
            Some(known) => known.clone(),
            None => link::check_link(child, issuer, *parameters, context.settings, budget)?,
        };
        let mut own = Findings::new(&context.settings.levels);
        report(&mut own, position, child, &observed);
        report(findings, position, child, &observed);
        // Inherited parameters come from further up, so that such a link is known on this path alone. What was
        // only assumed until the host answers is not known at all.
        if parameters.is_none() && !budget.outsourced().awaits() {
            memory.links.insert(key, observed);
        }
        if own.denies() {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

/// working_public_key_parameters of RFC 5280 6.1.4 (f) for each certificate as an issuer: `Some` where its DSA
/// key has none of its own and takes them from above.
pub(crate) fn working_dsa_parameters<'a>(certificates: &[&'a Certificate]) -> Vec<Option<&'a DsaParameters>> {
    let mut working: Option<&DsaParameters> = None;
    let mut inherited = Vec::new();
    for certificate in certificates.iter().rev() {
        inherited.push(match &certificate.public_key.material {
            KeyMaterial::Dsa { parameters: Some(own), .. } => {
                working = Some(own);
                None
            }
            KeyMaterial::Dsa { parameters: None, .. } => working,
            _ => {
                working = None;
                None
            }
        });
    }
    inherited.reverse();
    inherited
}

/// What depends on the path as a whole, from the anchor down: path length, names, policies.
fn judge_path(
    candidate: &CandidatePath,
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    budget: &mut Budget,
) -> Result<ValidPolicies, BudgetExceeded> {
    let certificates = candidate.certificates(context.pool);
    judge_path_length(&certificates, context, findings);
    judge_names(&certificates, context, findings, budget)?;
    judge_policies(&certificates, context, findings, budget)
}

/// max_path_length, RFC 5280 6.1.2 (k), 6.1.4 (l), (m).
fn judge_path_length(certificates: &[&Certificate], context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some((anchor, below)) = certificates.split_last() else { return };
    let mut state = PathLengthState::new(below.len());
    if context.settings.anchors.constraints {
        state.constrain_by_anchor(anchor.extensions.basic_constraints);
    }
    for (position, certificate) in below.iter().enumerate().skip(1).rev() {
        let role = PathRole::of_intermediate(certificate);
        let observed = state.prepare_next(certificate.extensions.basic_constraints, role);
        report(findings, position, certificate, &observed);
    }
}

/// Name constraints, RFC 5280 6.1.3 (b), (c), 6.1.4 (g).
fn judge_names(
    certificates: &[&Certificate],
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    budget: &mut Budget,
) -> Result<(), BudgetExceeded> {
    let last = certificates.len().saturating_sub(1);
    let mut in_effect = ConstraintsInEffect::default();
    for (position, certificate) in certificates.iter().enumerate().rev() {
        // 6.1.3 (b): a self-issued certificate is exempt unless it is the target; the anchor is an input.
        if position < last && (position == 0 || !certificate.is_self_issued()) {
            let observed = names_of(certificate, &in_effect, context, budget)?;
            report(findings, position, certificate, &observed);
        }
        let constrains = position > 0 && (position < last || context.settings.anchors.constraints);
        if let Some(constraints) = certificate.extensions.name_constraints.as_ref().filter(|_| constrains) {
            in_effect.push(position, constraints);
        }
    }
    Ok(())
}

fn names_of(
    certificate: &Certificate,
    in_effect: &ConstraintsInEffect<'_>,
    context: &Context<'_>,
    budget: &mut Budget,
) -> Result<Vec<Observation>, BudgetExceeded> {
    let alternative = certificate.extensions.subject_alt_name.as_deref();
    let names =
        PresentedNames { subject: &certificate.subject, alternative: alternative.unwrap_or_default() };
    let mut observed = name_constraints::check_names(in_effect, &names, budget)?;
    // What may identify must be constrained (attack case P-18).
    if alternative.is_none() && context.settings.names.common_name_fallback {
        observed.extend(name_constraints::check_common_names(in_effect, &certificate.subject, budget)?);
    }
    Ok(observed)
}

/// Certificate policies, RFC 5280 6.1.2 (a), (d) to (f), 6.1.3 (d) to (f), 6.1.4, 6.1.5 (a), (b), (g).
fn judge_policies(
    certificates: &[&Certificate],
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    budget: &mut Budget,
) -> Result<ValidPolicies, BudgetExceeded> {
    let (position, refusal) = match run_policies(certificates, context, budget) {
        Ok(policies) => return Ok(policies),
        Err((_, PolicyRefusal::BudgetExceeded(exceeded))) => return Err(exceeded),
        Err(refused) => refused,
    };
    if let Some(certificate) = certificates.get(position) {
        report(findings, position, certificate, &[refusal.finding()]);
    }
    Ok(ValidPolicies::default())
}

/// Runs the policy state down the path; a refusal comes with the place of the certificate it was met at.
fn run_policies(
    certificates: &[&Certificate],
    context: &Context<'_>,
    budget: &mut Budget,
) -> Result<ValidPolicies, (usize, PolicyRefusal)> {
    let Some((anchor, below)) = certificates.split_last() else { return Ok(ValidPolicies::default()) };
    let Some((target, intermediates)) = below.split_first() else { return Ok(ValidPolicies::default()) };
    let mut state = PolicyState::new(&context.settings.path, below.len());
    if context.settings.anchors.constraints {
        let extensions = PolicyExtensions::from(&anchor.extensions);
        state.constrain_by_anchor(&extensions, budget).map_err(|refusal| (below.len(), refusal))?;
    }
    for (place, certificate) in intermediates.iter().enumerate().rev() {
        let position = place.saturating_add(1);
        let extensions = PolicyExtensions::from(&certificate.extensions);
        let role = PathRole::of_intermediate(certificate);
        state.process(&extensions, role, budget).map_err(|refusal| (position, refusal))?;
        state.prepare_next(&extensions, role, budget).map_err(|refusal| (position, refusal))?;
    }
    let extensions = PolicyExtensions::from(&target.extensions);
    state.process(&extensions, PathRole::Target, budget).map_err(|refusal| (0, refusal))?;
    state.finish(&extensions).map_err(|refusal| (0, refusal))
}

/// Reference identifiers, RFC 9525 6: compared once, because the target is the same on every path.
fn judge_identity(
    candidate: &CandidatePath,
    context: &Context<'_>,
    memory: &mut Memory,
    findings: &mut Findings<'_>,
) {
    let Some(target) = candidate.certificates(context.pool).first().copied() else { return };
    if context.names.is_empty() {
        return;
    }
    let observed = memory.identity.get_or_insert_with(|| {
        let alternative = target.extensions.subject_alt_name.as_deref();
        let names = &context.settings.names;
        identity::check_identity(context.names, &target.subject, alternative, names)
            .err()
            .into_iter()
            .collect()
    });
    report(findings, 0, target, observed);
}
