//! A storm over Kubernetes: random manifests, deletions, node groups and calls, and after every step everything that
//! must always hold.

use longshore::model::id::Id;
use longshore::model::kubernetes::PodPhase;
use longshore::session::Session;
use longshore::world::fact::What;
use longshore::world::transition::phase_edge;
use serde_json::{Value, json};

use crate::lab::Lab;
use crate::weather::{Storm, check_cause, check_world};

const SEEDS: u64 = 60;
const STEPS: u64 = 50;

impl Storm {
    fn pick<'a>(&self, why: &str, of: &[&'a str]) -> &'a str {
        of[self.roll(why, of.len() as u64) as usize]
    }

    /// One random thing to do; it may well be refused.
    fn blow_on_pods(&mut self) -> (&'static str, Value) {
        let namespace = self.pick("namespace", &["default", "shop", "gone"]);
        let name = self.pick("name", &["a", "b", "c", "d"]);
        let account = self.pick("account", &["default", "web", "nobody"]);
        match self.roll("what", 12) {
            0..=4 => {
                let image = self.pick("image", &["nginx", "crasher", "missing", "stubborn", "job"]);
                let policy = self.pick("policy", &["Always", "OnFailure", "Never"]);
                let memory = self.pick("memory", &["0", "20Mi", "50Mi", "100Mi"]);
                let resources = json!({ "requests": { "memory": memory } });
                let spec = json!({
                    "serviceAccountName": account, "restartPolicy": policy,
                    "containers": [{ "name": "one", "image": image, "resources": resources }, { "name": "two", "image": "nginx" }],
                });
                let meta = json!({ "name": name, "namespace": namespace });
                (
                    "k8s.apply",
                    json!({ "manifest": { "apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec } }),
                )
            }
            5 => {
                let role = "arn:aws:iam::123456789012:role/photos";
                let annotations = match self.roll("annotated", 2) {
                    0 => json!({}),
                    _ => json!({ "eks.amazonaws.com/role-arn": role }),
                };
                let meta = json!({ "name": account, "namespace": namespace, "annotations": annotations });
                ("k8s.apply", json!({ "manifest": { "apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta } }))
            }
            6 => {
                let meta = json!({ "name": "shop" });
                ("k8s.apply", json!({ "manifest": { "apiVersion": "v1", "kind": "Namespace", "metadata": meta } }))
            }
            7 => ("k8s.delete", json!({ "resource": "pod", "name": name, "namespace": namespace })),
            8 => ("k8s.delete", json!({ "resource": "sa", "name": account, "namespace": namespace })),
            9 => ("k8s.delete", json!({ "resource": "ns", "name": namespace })),
            10 => {
                let action = self.pick("action", &["s3:GetObject", "sts:GetCallerIdentity"]);
                ("program.call", json!({ "program": format!("{namespace}/{name}"), "action": action }))
            }
            _ => {
                let group = self.pick("group", &["one", "two"]);
                if self.roll("grow", 3) == 0 {
                    return ("eks.delete_nodegroup", json!({ "clusterName": "prod", "nodegroupName": group }));
                }
                let request = json!({
                    "clusterName": "prod", "nodegroupName": group, "nodeRole": role("node"),
                    "subnets": self.lab.subnets(), "instanceTypes": ["t3.nano"],
                });
                ("eks.create_nodegroup", request)
            }
        }
    }
}

fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

fn prepare(seed: u64) -> Storm {
    let mut lab = Lab::new(seed);
    for (name, service) in [("cluster", "eks.amazonaws.com"), ("node", "ec2.amazonaws.com")] {
        let trust = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
        }] });
        lab.ok("iam.create_role", json!({ "RoleName": name, "AssumeRolePolicyDocument": trust }));
    }
    for (image, profile) in [
        ("crasher", json!({ "exit": { "code": 1, "after": "7s" } })),
        ("job", json!({ "exit": { "code": 0, "after": "20s" } })),
        ("missing", json!({ "missing": true })),
        ("stubborn", json!({ "sigterm": { "ignore": true } })),
    ] {
        lab.ok("image.define", json!({ "image": image, "profile": profile }));
    }
    let vpc = json!({ "subnetIds": lab.subnets() });
    lab.ok("eks.create_cluster", json!({ "name": "prod", "roleArn": role("cluster"), "resourcesVpcConfig": vpc }));
    lab.wait("10m");
    lab.session.end_line();
    Storm { lab, seed, step: 0 }
}

#[test]
fn whatever_anybody_applies_the_cluster_holds_together() {
    let mut refused = 0;
    for seed in 0..SEEDS {
        let mut storm = prepare(seed);
        for step in 0..STEPS {
            refused += u64::from(storm.strike(step, Storm::blow_on_pods, [0, 1, 5, 15, 31, 90, 400], check_world));
        }
        check_history(&storm.lab.session, seed);
        let mut session = storm.lab.session;
        let digest = session.world().digest();
        session.rebuild();
        assert_eq!(session.world().digest(), digest, "seed {seed}: the journal alone leads to the same world");
    }
    assert!(refused > SEEDS, "the storm should also be refused now and then");
}

/// Every pod went along legal edges only, and every fact but a person's input has an earlier cause.
fn check_history(session: &Session, seed: u64) {
    let mut phases = vec![PodPhase::Pending; session.world().kubernetes.pods.len()];
    for fact in session.history() {
        check_cause(fact, seed);
        if let What::PodMoved(pod, to) = fact.what {
            let from = std::mem::replace(&mut phases[pod.index()], to);
            assert!(phase_edge(from, to), "seed {seed}: {pod:?} went from {from} to {to}");
        }
    }
}
