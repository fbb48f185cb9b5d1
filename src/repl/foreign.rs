//! Lines for the tools of the real world, such as `kubectl get pods`: which call says the same here.

use crate::api::{self, Entry};
use crate::model::meant;
use crate::script::trouble::{Kind, Trouble};
use crate::view::members::{self, Member};

/// What to say of a line for `aws` or `kubectl`. Nothing of any other.
pub(super) fn foreign(line: &str) -> Option<Trouble> {
    let words = words(line);
    let (tool, rest) = words.split_first()?;
    // A variable of that name may stand at the beginning of a script: then a sign follows.
    rest.first().filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-'))?;
    let (name, way_out) = match tool.as_str() {
        "aws" => ("the AWS CLI", aws(rest)),
        "kubectl" => ("kubectl", kubectl(rest)),
        _ => return None,
    };
    let message = format!("this is a line for {name}, and the prompt takes scripts");
    Some(Trouble { kind: Kind::Script, message, because: String::new(), way_out, place: None })
}

/// The call for a line of the AWS CLI: `ecs list-tasks --cluster prod`.
fn aws(words: &[String]) -> String {
    let (service, operation) = match words {
        [service, operation, ..] => (service.as_str(), operation.replace('-', "_")),
        _ => return "say which service and which operation: :help operations lists them".to_owned(),
    };
    let Some(entry) = api::find(service, &operation) else {
        let methods: Vec<String> = api::all().filter(|entry| entry.service == service).map(Entry::method).collect();
        return match meant::similar(&operation, methods.iter().map(String::as_str)) {
            Some(similar) => format!("there is no such operation here; did you mean {service}.{similar}?"),
            None if methods.is_empty() => {
                format!("`{service}` is not here; :help operations lists what is, :find searches it")
            }
            None => format!("there is no such operation here; ?{service} lists what there is"),
        };
    };
    let members = members::members(&(entry.schema)());
    let mut given = Vec::new();
    let mut rest = words[2..].iter().peekable();
    while let Some(word) = rest.next() {
        let mut values = Vec::new();
        while let Some(value) = rest.next_if(|next| !next.starts_with("--")) {
            values.push(value.as_str());
        }
        let Some(option) = word.strip_prefix("--") else { continue };
        let wanted = option.replace('-', "");
        if let Some(member) = members.iter().find(|member| member.name.eq_ignore_ascii_case(&wanted)) {
            given.push(format!("{}: {}", member.name, value(member, &values)));
        }
    }
    let arguments = if given.is_empty() { String::new() } else { format!("#{{ {} }}", given.join(", ")) };
    format!("write it like {service}.{}({arguments})", entry.method())
}

/// The values of an option as a script writes them; what the CLI abbreviates is left open.
fn value(member: &Member, values: &[&str]) -> String {
    let text = |value: &&str| format!("{value:?}");
    let all = values.join(" ");
    match member.kind.as_str() {
        _ if all.starts_with(['{', '[']) => as_map(&all),
        _ if all.contains('=') => "…".to_owned(),
        "array of string" => format!("[{}]", values.iter().map(text).collect::<Vec<_>>().join(", ")),
        "integer" | "number" | "bool" if !all.is_empty() => all,
        "bool" => "true".to_owned(),
        _ => text(&all.as_str()),
    }
}

/// JSON as a script writes it.
fn as_map(json: &str) -> String {
    let mut in_text = false;
    let mut map = String::new();
    for c in json.chars() {
        in_text ^= c == '"';
        if c == '{' && !in_text {
            map.push('#');
        }
        map.push(c);
    }
    map
}

/// The call for a line of kubectl: `get pods`.
fn kubectl(words: &[String]) -> String {
    let mut namespace = None;
    let mut file = None;
    let mut image = None;
    let mut plain = Vec::new();
    // What stands behind `--` is a line for the program in the container.
    let (words, inside) = words.split_at(words.iter().position(|word| word == "--").unwrap_or(words.len()));
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        match word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value.to_owned()))) {
            ("-n" | "--namespace", value) => namespace = value.or_else(|| rest.next().cloned()),
            ("-f" | "--filename", value) => file = value.or_else(|| rest.next().cloned()),
            ("--image", value) => image = value.or_else(|| rest.next().cloned()),
            ("-o" | "--output" | "-l" | "--selector" | "-c" | "--container", None) => drop(rest.next()),
            (option, _) if option.starts_with('-') => {}
            _ => plain.extend(word.split('/')),
        }
    }
    let call = |operation: &str, kind: &str, name: Option<&str>| match (name, &namespace) {
        (None, None) => format!("k8s.{operation}({kind:?})"),
        (Some(name), None) => format!("k8s.{operation}({kind:?}, {name:?})"),
        (None, Some(namespace)) => format!("k8s.{operation}(#{{ resource: {kind:?}, namespace: {namespace:?} }})"),
        (Some(name), Some(namespace)) => format!("k8s.{operation}({kind:?}, {name:?}, {namespace:?})"),
    };
    match plain.as_slice() {
        ["get", kind] => format!("write it like {}", call("get", kind, None)),
        ["get", kind, name] => format!("write it like {}", call("get", kind, Some(name))),
        ["describe", kind, name] => {
            format!("write it like {}; why({name:?}) explains it", call("get", kind, Some(name)))
        }
        ["delete", kind, name] => format!("write it like {}", call("delete", kind, Some(name))),
        ["run", name] => {
            let image = image.unwrap_or_else(|| "nginx".to_owned());
            format!("on a cluster to play with, let shop = eks_cluster(\"shop\"), write shop.run({name:?}, {image:?})")
        }
        ["create", "token", account] => {
            let namespace = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
            format!("write it like k8s.create_token(\"{namespace}{account}\")")
        }
        ["apply" | "create", ..] => {
            let file = file.map(|file| format!(" of {file}")).unwrap_or_default();
            format!("give it the text{file} or a map, k8s.apply(`…`); ?k8s.apply shows one")
        }
        ["logs" | "events", name, ..] => format!("write it like facts({name:?}), or why({name:?})"),
        ["wait", ..] => "write it like wait(\"1m\"), or settle()".to_owned(),
        ["exec", name, ..] => match inside {
            [_, cat, path] if cat == "cat" => format!("write it like k8s.get(\"pod\", {name:?}).read({path:?})"),
            _ => format!("a program calls AWS by k8s.get(\"pod\", {name:?}).call(\"s3:ListBucket\", arn)"),
        },
        _ => "?k8s lists what there is, :find searches it".to_owned(),
    }
}

/// The words of a line as a shell takes them: what stands in quotes is one.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.trim().chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Interpreter;
    use crate::session::Session;

    #[test]
    fn a_line_of_another_tool_names_the_call() {
        for (line, way_out) in [
            ("aws ecs list-tasks --cluster c", "write it like ecs.list_tasks(#{ cluster: \"c\" })"),
            ("aws ecs list-clusters --region us-east-1", "write it like ecs.list_clusters()"),
            (
                "aws ecs update-service --service web --desired-count 3 --cluster prod",
                "write it like ecs.update_service(#{ service: \"web\", desiredCount: 3, cluster: \"prod\" })",
            ),
            (
                "aws ecs describe-tasks --tasks a b --cluster prod",
                "write it like ecs.describe_tasks(#{ tasks: [\"a\", \"b\"], cluster: \"prod\" })",
            ),
            ("aws ecs lst-tasks", "there is no such operation here; did you mean ecs.list_tasks?"),
            ("aws s3 ls", "`s3` is not here; :help operations lists what is, :find searches it"),
            ("kubectl get pods", "write it like k8s.get(\"pods\")"),
            ("kubectl get pod web -n shop -o yaml", "write it like k8s.get(\"pod\", \"web\", \"shop\")"),
            ("kubectl delete pod/web", "write it like k8s.delete(\"pod\", \"web\")"),
            ("kubectl create token web", "write it like k8s.create_token(\"web\")"),
            ("kubectl create token web -n shop", "write it like k8s.create_token(\"shop/web\")"),
            ("kubectl exec web -- cat /etc/token", "write it like k8s.get(\"pod\", \"web\").read(\"/etc/token\")"),
            ("kubectl top pods", "?k8s lists what there is, :find searches it"),
            ("kubectl logs web", "write it like facts(\"web\"), or why(\"web\")"),
        ] {
            assert_eq!(foreign(line).map(|trouble| trouble.way_out).as_deref(), Some(way_out), "{line}");
            // What is told can be typed: the lab may lack the thing, but it knows the call and what goes into it.
            let Some(call) = way_out.strip_prefix("write it like ").filter(|call| !call.contains(", or ")) else {
                continue;
            };
            let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
            if let Err(trouble) = interpreter.eval(call, "") {
                assert_eq!(trouble.kind, Kind::Refused, "{call}: {trouble:?}");
                assert!(!trouble.message.contains("Parameter validation failed"), "{call}: {trouble:?}");
            }
        }
        let role =
            "aws iam create-role --role-name r --assume-role-policy-document '{\"Statement\": [{\"a\": \"{\"}]}'";
        let shown = foreign(role).expect("it is one").way_out;
        assert!(shown.ends_with("AssumeRolePolicyDocument: #{\"Statement\": [#{\"a\": \"{\"}]} })"), "{shown}");
        for script in ["aws = 5", "kubectl", "let aws = 1", "awsome ecs", "aws.x"] {
            assert_eq!(foreign(script), None, "{script}");
        }
    }
}
