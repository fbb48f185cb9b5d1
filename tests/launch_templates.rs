//! Launch templates of EC2, and the node groups of EKS that use them: how far the metadata service of a node answers.
//! [semantics/eks.md 6.5]

use serde_json::{Value, json};

use crate::kubernetes::{account, apply, cluster, pod_yaml, role};
use crate::lab::Lab;

fn group(lab: &Lab, name: &str, ami: &str, template: Value) -> Value {
    json!({
        "clusterName": "prod", "nodegroupName": name, "nodeRole": role("node"), "subnets": lab.subnets(), "amiType": ami,
        "launchTemplate": template,
    })
}

fn template(lab: &mut Lab, name: &str, data: Value) -> Value {
    let made = lab.ok("ec2.create_launch_template", json!({ "LaunchTemplateName": name, "LaunchTemplateData": data }));
    made["LaunchTemplate"].clone()
}

/// The node group of the lab is replaced by one with this template; then a pod without a role of its own asks.
fn reaches(ami: &str, data: &Value, by: &str) -> bool {
    let mut lab = cluster(ami);
    let made = template(&mut lab, "nodes", data.clone());
    lab.ok("eks.delete_nodegroup", json!({ "clusterName": "prod", "nodegroupName": "main" }));
    lab.wait("10m");
    let named = match by {
        "id" => json!({ "id": made["LaunchTemplateId"] }),
        "version" => json!({ "name": "nodes", "version": "1" }),
        _ => json!({ "name": "nodes", "version": "$Latest" }),
    };
    let request = group(&lab, "again", ami, named);
    let answer = lab.ok("eks.create_nodegroup", request);
    let shown = json!({ "name": "nodes", "version": "1", "id": made["LaunchTemplateId"] });
    assert_eq!(answer["nodegroup"]["launchTemplate"], shown);
    lab.wait("3m");
    apply(&mut lab, &format!("{}---\n{}", account(false), pod_yaml("web", "nginx")));
    lab.wait("20s");
    let me = json!({ "program": "web", "action": "sts:GetCallerIdentity" });
    match lab.call("program.call", me) {
        Ok(answer) => answer["credentials"] == "instance metadata",
        Err(refusal) => {
            assert_eq!(refusal.message, "Unable to locate credentials");
            // The lines that it says are the ones that these tests type.
            assert!(refusal.way_out.contains("HttpPutResponseHopLimit: 2"), "{}", refusal.way_out);
            assert!(refusal.way_out.contains("instead of `again`"), "{}", refusal.way_out);
            false
        }
    }
}

/// The AMI's own limit counts only where no template is named; a template that does not say allows one hop.
#[test]
fn the_template_decides_how_many_hops() {
    let hops = |hops: u8| json!({ "MetadataOptions": { "HttpPutResponseHopLimit": hops } });
    for (ami, data, by, expected) in [
        ("AL2023_x86_64_STANDARD", hops(2), "id", true),
        ("AL2023_x86_64_STANDARD", hops(1), "name", false),
        ("AL2023_x86_64_STANDARD", hops(64), "version", true),
        ("AL2_x86_64", hops(1), "name", false),
        ("AL2_x86_64", json!({}), "name", false),
        ("AL2_x86_64", json!({ "MetadataOptions": { "HttpTokens": "required" } }), "name", false),
    ] {
        assert_eq!(reaches(ami, &data, by), expected, "{ami} {data}");
    }
}

/// What is refused, and by which code.
#[test]
fn what_is_refused() {
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let made = template(&mut lab, "nodes", json!({}));
    let named = |name: &str, hops: i64| {
        let data = json!({ "MetadataOptions": { "HttpPutResponseHopLimit": hops } });
        json!({ "LaunchTemplateName": name, "LaunchTemplateData": data })
    };
    let with = |template: Value| group(&lab, "more", "AL2023_x86_64_STANDARD", template);
    let rows = [
        ("ec2.create_launch_template", named("no", 1), "InvalidLaunchTemplateName.MalformedException"),
        ("ec2.create_launch_template", named("no spaces", 1), "InvalidLaunchTemplateName.MalformedException"),
        ("ec2.create_launch_template", named("nodes", 1), "InvalidLaunchTemplateName.AlreadyExistsException"),
        ("ec2.create_launch_template", named("more", 0), "InvalidParameterValue"),
        ("ec2.create_launch_template", named("more", 65), "InvalidParameterValue"),
        ("eks.create_nodegroup", with(json!({ "name": "nobody" })), "InvalidLaunchTemplateName.NotFoundException"),
        ("eks.create_nodegroup", with(json!({ "id": "lt-0" })), "InvalidLaunchTemplateId.NotFound"),
        ("eks.create_nodegroup", with(json!({ "id": "lt-00000000000000000" })), "InvalidLaunchTemplateId.NotFound"),
        ("eks.create_nodegroup", with(json!({})), "InvalidParameterException"),
        (
            "eks.create_nodegroup",
            with(json!({ "name": "nodes", "id": made["LaunchTemplateId"] })),
            "InvalidParameterException",
        ),
        ("eks.create_nodegroup", with(json!({ "name": "nodes", "version": "2" })), "InvalidParameterException"),
        (
            "ec2.describe_launch_templates",
            json!({ "LaunchTemplateNames": ["nodes", "nobody"] }),
            "InvalidLaunchTemplateName.NotFoundException",
        ),
    ];
    for (operation, request, code) in rows {
        let refusal = lab.refused(operation, request.clone());
        assert_eq!(&*refusal.code, code, "{operation} {request}: {}", refusal.message);
        assert!(!refusal.because.is_empty() && !refusal.way_out.is_empty(), "{refusal:?}");
    }
    let listed = lab.ok("ec2.describe_launch_templates", json!({}));
    assert_eq!(listed["LaunchTemplates"], json!([made]));
}

/// What nodes may not do is said when they are made, because nothing comes of it here.
#[test]
fn a_role_that_lacks_what_nodes_need_is_told() {
    use longshore::api;
    let mut lab = cluster("AL2023_x86_64_STANDARD");
    let policies = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];
    let mut missing = policies.to_vec();
    for (nth, attach) in [None, Some(policies[1]), Some(policies[0]), Some(policies[2])].into_iter().enumerate() {
        if let Some(policy) = attach {
            let arn = format!("arn:aws:iam::aws:policy/{policy}");
            lab.ok("iam.attach_role_policy", json!({ "RoleName": "node", "PolicyArn": arn }));
            missing.retain(|name| *name != policy);
        }
        let mut request = group(&lab, &format!("more-{nth}"), "AL2023_x86_64_STANDARD", json!(null));
        request.as_object_mut().unwrap().remove("launchTemplate");
        let entry = api::find("eks", "create_nodegroup").unwrap();
        let notices = lab.session.call(entry, request).unwrap().notices;
        assert_eq!(notices.len(), usize::from(!missing.is_empty()), "{notices:?}");
        for policy in policies {
            let named = notices.iter().any(|notice| notice.contains(policy));
            assert_eq!(named, missing.contains(&policy), "{policy}: {notices:?}");
        }
    }
}
