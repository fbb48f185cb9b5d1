//! The name of an image as a container runtime reads it: registry, repository, tag and digest.
//! [distribution/reference normalize.go, regexp.go]

use super::format::quoted;

/// What the kubelet says of a name that stands for no image; nothing of one that does. The API server takes any name.
/// [semantics/eks.md 1.3; K32 pkg/kubelet/images applyDefaultImageTag, pkg/util/parsers]
pub fn complaint(image: &str) -> Option<String> {
    let name = quoted(image);
    let problem = problem(image)?;
    Some(format!("Failed to apply default image tag {name}: couldn't parse image name {name}: {problem}"))
}

fn problem(image: &str) -> Option<String> {
    if image.len() == 64 && image.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Some(format!("invalid repository name ({image}), cannot specify 64-byte hexadecimal strings"));
    }
    let (registry, rest) = match image.split_once('/') {
        Some((first, rest)) if is_registry(first) => (first, rest.to_owned()),
        Some(_) => ("docker.io", image.to_owned()),
        None => ("docker.io", format!("library/{image}")),
    };
    let (rest, digest) = match rest.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (rest.as_str(), None),
    };
    let (repository, tag) = match rest.split_once(':') {
        Some((repository, tag)) => (repository, Some(tag)),
        None => (rest, None),
    };
    if repository.contains(char::is_uppercase) {
        return Some(format!("invalid reference format: repository name ({repository}) must be lowercase"));
    }
    if registry.len() + 1 + repository.len() > 255 {
        return Some("repository name must not be more than 255 characters".to_owned());
    }
    let good = is_host(registry)
        && repository.split('/').all(is_component)
        && tag.is_none_or(is_tag)
        && digest.is_none_or(is_digest);
    (!good).then(|| "invalid reference format".to_owned())
}

/// Whether the part before the first slash names a registry.
fn is_registry(first: &str) -> bool {
    first == "localhost" || first.contains(['.', ':']) || first.contains(char::is_uppercase)
}

/// A host with or without a port.
fn is_host(text: &str) -> bool {
    let (host, port) = text.split_once(':').map_or((text, "0"), |(host, port)| (host, port));
    let plain = |c: char| c.is_ascii_alphanumeric();
    let part =
        |part: &str| part.starts_with(plain) && part.ends_with(plain) && part.chars().all(|c| plain(c) || c == '-');
    host.split('.').all(part) && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
}

/// Small letters and digits, with one period, one or two underscores or any number of hyphens between them.
fn is_component(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let joints = text.split(plain).filter(|joint| !joint.is_empty());
    let legal = |joint: &str| matches!(joint, "." | "_" | "__") || joint.bytes().all(|b| b == b'-');
    text.starts_with(plain) && text.ends_with(plain) && joints.into_iter().all(legal)
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.starts_with(word) && text.len() <= 128 && text.chars().all(|c| word(c) || c == '.' || c == '-')
}

fn is_digest(text: &str) -> bool {
    let Some((algorithm, sum)) = text.split_once(':') else { return false };
    let named = algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
        && algorithm.chars().all(|c| c.is_ascii_alphanumeric() || "-_+.".contains(c));
    named && sum.len() >= 32 && sum.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_images() {
        let digest = format!("nginx@sha256:{}", "a".repeat(64));
        let both = format!("nginx:1.27@sha256:{}", "a".repeat(64));
        let format = "invalid reference format";
        let rows: &[(&str, Option<&str>)] = &[
            ("nginx", None),
            ("nginx:1.27", None),
            ("my_org/my__app/a---b.c:V1", None),
            ("123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:v1", None),
            ("localhost:5000/web", None),
            (&digest, None),
            (&both, None),
            ("Nginx", Some("invalid reference format: repository name (library/Nginx) must be lowercase")),
            ("shop/Web:v1", Some("invalid reference format: repository name (shop/Web) must be lowercase")),
            ("my image", Some(format)),
            ("nginx\u{1b}[31m", Some(format)),
            ("nginx:", Some(format)),
            ("nginx:-1", Some(format)),
            ("a..b", Some(format)),
            ("a___b", Some(format)),
            ("https://example.com/web", Some(format)),
            ("nginx@sha256:12", Some(format)),
            ("", Some(format)),
        ];
        for &(image, expected) in rows {
            assert_eq!(problem(image).as_deref(), expected, "{image:?}");
        }
        let shown =
            r#"Failed to apply default image tag "a\x1b": couldn't parse image name "a\x1b": invalid reference format"#;
        assert_eq!(complaint("a\u{1b}").as_deref(), Some(shown));
    }
}
