use super::*;
use crate::finding::Value;
use crate::management::cluster::{Origin, Place};
use crate::management::code::ManagementCode;
use crate::management::model::{certificate, now};
use crate::management::plan::{About, Plan, Service, ServiceKind};
use crate::management::sample::{catalogue, cluster, fields};
use crate::management::self_signed::{SelfSignedFields, plan_self_signed};

/// Every kind of effect, a finding and an advice, to the octet.
#[test]
fn the_document_is_pinned() {
    let root = certificate(pki::certificate::Sketch::ca("root"));
    let (hex, fingerprint) = (hexadecimal(&root.fingerprint), root.fingerprint);
    let place = Place::on(Room::Trust("tomcat-trust".to_owned()), "a");
    let effects = vec![
        Effect::Store {
            place: place.clone(),
            certificate: Box::new(root),
            origin: Origin::Uploaded,
            active_from: Some(now()),
        },
        Effect::Remove { place: place.clone(), fingerprint },
        Effect::Revive { place, fingerprint },
        Effect::DropRequest { purpose: "tomcat".to_owned(), node: None },
    ];
    let mut plan = Plan { effects, ..Plan::default() };
    plan.report(
        ManagementCode::UploadRevived,
        About::OPERATION,
        vec![("place", Value::text("tomcat-trust"))],
    );
    let service = Service { name: "Cisco Tomcat".into(), kind: ServiceKind::Network };
    let advice = |action, need| Advice { action, node: Some("a".to_owned()), need, rules: &["R-SVC-2"] };
    plan.advice = vec![advice(Action::RestartService(service), Need::Required)];
    let written = document(&Planned { plan, unsigned: Vec::new() });
    let start = r#"{"refused":false,"effects":[{"effect":"store","room":"trust","name":"tomcat-trust","node":"a","certificate":""#;
    assert!(written.starts_with(&[start, &hex].concat()), "{written}");
    let drop = r#"{"effect":"drop-request","room":"identity","name":"tomcat","node":null,"certificate":null,"subject":null,"origin":null,"active-from":null}]"#;
    assert!(written.contains(drop), "{written}");
    let end = concat!(
        r#""findings":[{"code":"upload.revived","severity":"inform","position":null,"certificate":null,"clause":"D-21","#,
        r#""rules":["R-DEL-6"],"details":[{"name":"place","type":"text","value":"tomcat-trust"}]}],"#,
        r#""advice":[{"action":"restart-service","concerning":"Cisco Tomcat","service-kind":"network","node":"a","#,
        r#""need":"required","rules":["R-SVC-2"]}],"unsigned":[]}"#
    );
    assert!(written.ends_with(end), "{written}");
    assert!(written.contains(r#""origin":"uploaded","active-from":"2026-01-01T00:00:00Z""#), "{written}");
}

#[test]
fn what_waits_for_a_signature_is_in_the_document() {
    let cluster = cluster();
    let form = SelfSignedFields { common: fields("tomcat"), years: Some(20) };
    let (plan, unsigned) = plan_self_signed(&cluster, &catalogue(&cluster), &form);
    let written = document(&Planned { plan, unsigned: unsigned.into_iter().collect() });
    let end = concat!(
        r#""unsigned":[{"purpose":"tomcat","node":"cm1.ex.com","key-type":"rsa","bits":2048,"hash":"SHA256","#,
        r#""algorithm":"rsa-pkcs1-sha256","years":20}]}"#
    );
    assert!(written.ends_with(end), "{written}");
}
