//! Same seed and same inputs: the same world, to the last bit, however it was come by.

use longshore::session::{Limits, Session};
use serde_json::json;

use longshore::world::fact::What;

use crate::kubernetes::{account, cluster, pod_yaml};
use crate::lab::Lab;

/// A morning's work in several lines: deploy, crash, scale, roll out.
fn morning(seed: u64) -> Lab {
    let mut lab = Lab::new(seed);
    lab.ok("ecs.create_cluster", json!({ "clusterName": "prod" }));
    lab.register("web", "nginx");
    let network = lab.network();
    let service = json!({
        "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "launchType": "FARGATE",
        "desiredCount": 5, "networkConfiguration": network,
    });
    lab.session.begin_line("create");
    lab.ok("ecs.create_service", service);
    lab.session.begin_line("wait");
    lab.wait("3m");
    lab.session.begin_line("crash");
    let task = lab.tasks("web")[2].clone();
    lab.ok("fault.crash", json!({ "task": task }));
    lab.wait("20s");
    lab.session.begin_line("roll out");
    lab.register("web", "httpd");
    lab.ok(
        "ecs.update_service",
        json!({ "cluster": "prod", "service": "web", "taskDefinition": "web", "desiredCount": 7 }),
    );
    lab.wait("10m");
    lab.session.end_line();
    lab
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let (one, two, other) = (morning(1), morning(1), morning(2));
    assert_eq!(one.session.world().digest(), two.session.world().digest());
    assert_eq!(one.session.history(), two.session.history());
    assert_ne!(one.session.world().digest(), other.session.world().digest(), "ids depend on the seed");
}

#[test]
fn undo_and_redo_lead_through_the_same_worlds() {
    let mut session = morning(7).session;
    let end = (session.world().digest(), session.history().len());
    let mut digests = vec![end];
    while session.undo().is_some() {
        assert_eq!(session.world().violations(), Vec::<String>::new());
        digests.push((session.world().digest(), session.history().len()));
    }
    assert_eq!(session.world().digest(), Session::new(7).world().digest(), "nothing is left");
    assert_eq!(digests.len(), 6, "five lines changed something");
    for expected in digests.iter().rev().skip(1) {
        assert!(session.redo().is_some());
        assert_eq!((session.world().digest(), session.history().len()), *expected);
    }
    assert_eq!(session.redo(), None);
}

/// What happened in a Kubernetes cluster is told by the same facts with the same causes, however often it is undone and
/// done again: pods, crashes, sessions, deletions, and the namespace and the nodes that go.
#[test]
fn undo_and_redo_tell_the_same_history() {
    let mut lab = cluster("AL2_x86_64");
    lab.session.begin_line("images");
    lab.ok("image.define", json!({ "image": "crasher", "profile": { "exit": { "code": 1, "after": "5s" } } }));
    let pods = [pod_yaml("web", "nginx"), pod_yaml("crash", "crasher"), pod_yaml("gone", "No Image")].join("---\n");
    let manifest =
        format!("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\n{}---\n{pods}", account(true));
    let call = json!({ "program": "shop/web", "action": "sts:GetCallerIdentity" });
    let steps = [
        ("apply", "k8s.apply", json!({ "manifest": manifest, "namespace": "shop" }), "2m"),
        ("call", "program.call", call, "1s"),
        ("delete", "k8s.delete", json!({ "resource": "pod/web", "namespace": "shop" }), "1m"),
        ("empty", "k8s.delete", json!({ "resource": "ns/shop" }), "1m"),
        ("leave", "eks.delete_nodegroup", json!({ "clusterName": "prod", "nodegroupName": "main" }), "5m"),
    ];
    for (line, name, request, wait) in steps {
        lab.session.begin_line(line);
        let refused = lab.call(name, request).is_err();
        assert_eq!(refused, line == "call", "{line}: the role of the pod does not exist");
        lab.session.begin_line("wait");
        lab.wait(wait);
    }
    lab.session.end_line();
    let session = &mut lab.session;
    let told = session.history().to_vec();
    let about_pods = told.iter().filter(|fact| matches!(fact.what, What::PodMoved(..) | What::PodGone(_))).count();
    assert!(about_pods >= 5 && told.iter().all(|fact| fact.cause.is_none_or(|cause| cause < fact.id)), "{about_pods}");
    for round in 0..2 {
        let mut lines = 0;
        while session.undo().is_some() {
            lines += 1;
            assert_eq!(session.history(), &told[..session.history().len()], "round {round}, {lines} lines back");
        }
        assert!(session.history().len() < told.len() && lines >= 10, "{lines}");
        while session.redo().is_some() {
            assert_eq!(session.history(), &told[..session.history().len()], "round {round}");
        }
        assert_eq!(session.history(), told, "round {round}");
    }
}

#[test]
fn a_wait_in_pieces_is_a_wait_in_one() {
    let mut lab = morning(3);
    let mut pieces = lab.session.clone();
    lab.wait("10m");
    for _ in 0..600 {
        pieces.wait(longshore::model::time::Millis::seconds(1)).unwrap();
    }
    assert_eq!(lab.session.world().digest(), pieces.world().digest());
}

#[test]
fn a_saved_lab_is_the_same_when_loaded() {
    let folder = std::env::temp_dir().join(format!("longshore-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("lab.jsonl");
    let mut lab = morning(9);
    lab.session.save(&file).unwrap();
    let mut loaded = Session::load(&file, Limits::default()).unwrap().session;
    assert_eq!(loaded.world().digest(), lab.session.world().digest());
    assert_eq!(loaded.history(), lab.session.history());
    assert_eq!(loaded.undo(), lab.session.undo());
    assert_eq!(loaded.world().digest(), lab.session.world().digest());

    let text = std::fs::read_to_string(&file).unwrap();
    for (edit, complaint) in [
        (text.replacen("prod", "prud", 1), "line 3"),
        (text.replacen("\"longshore\":1", "\"longshore\":9", 1), "form 9"),
        (text.lines().take(3).collect::<Vec<_>>().join("\n"), "does not lead to the world"),
        ("hello".to_owned(), "is not a saved lab"),
    ] {
        std::fs::write(&file, edit).unwrap();
        let error = Session::load(&file, Limits::default()).unwrap_err();
        assert!(error.contains(complaint), "{error}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_fork_goes_its_own_way() {
    let mut lab = morning(5);
    let before = lab.session.world().digest();
    let mut fork = lab.session.clone();
    fork.wait(longshore::model::time::Millis::minutes(5)).unwrap();
    assert_eq!(lab.session.world().digest(), before);
    lab.wait("5m");
    assert_eq!(lab.session.world().digest(), fork.world().digest());
}

/// A lab of many lines is undone from a checkpoint, and comes to the same.
#[test]
fn checkpoints_do_not_show() {
    let mut lab = Lab::prod();
    let network = lab.network();
    let mut digests = Vec::new();
    for n in 0..300 {
        lab.session.begin_line(&format!("line {n}"));
        match n {
            0 => {
                let service = json!({
                    "cluster": "prod", "serviceName": "web", "taskDefinition": "web", "launchType": "FARGATE",
                    "desiredCount": 3, "networkConfiguration": network,
                });
                lab.ok("ecs.create_service", service);
            }
            _ => lab.wait("7s"),
        }
        lab.session.end_line();
        digests.push(lab.session.world().digest());
    }
    for expected in digests.iter().rev().skip(1) {
        lab.session.undo().unwrap();
        assert_eq!(lab.session.world().digest(), *expected);
    }
}
