//! Well-known public images and how the programs in them behave.
//!
//! Sizes are compressed sizes of recent tags, rounded; boot times and memory are what one sees on a small task. All are
//! SIM: they only have to be plausible, and `image.define` overrides them.

use crate::model::profile::{Exit, MemoryPoint, Profile, Sigterm};
use crate::model::time::Millis;

/// What a program without a SIGTERM handler leaves behind: 128 + 15. [DG exit codes]
const UNHANDLED_SIGTERM: Sigterm = Sigterm { ignore: false, code: 143, after: Millis::ZERO };

/// The behaviour of a public image, by the last part of its repository's name.
pub(super) fn profile(name: &str) -> Option<Profile> {
    let server = |size_mb, boot_ms, mib, port: u16| Profile {
        size_mb,
        boot: Millis(boot_ms),
        memory: vec![MemoryPoint { at: Millis::ZERO, mib }],
        ports: vec![port],
        ..Profile::default()
    };
    // A shell or an interpreter without a command and without a terminal reads the end of its input and leaves.
    let shell = |size_mb| Profile {
        size_mb,
        boot: Millis::ZERO,
        exit: Some(Exit { code: 0, after: Millis::ZERO }),
        memory: vec![MemoryPoint { at: Millis::ZERO, mib: 4 }],
        sigterm: UNHANDLED_SIGTERM,
        ..Profile::default()
    };
    Some(match name {
        "nginx" => server(70, 1_000, 10, 80),
        "httpd" => server(60, 1_000, 20, 80),
        "caddy" => server(25, 1_000, 20, 80),
        "traefik" => server(50, 1_000, 40, 80),
        "haproxy" => server(45, 1_000, 30, 80),
        "amazon-ecs-sample" => server(100, 1_000, 20, 80),
        "http-echo" => server(5, 500, 5, 5678),
        "redis" => server(45, 1_000, 10, 6379),
        "valkey" => server(45, 1_000, 10, 6379),
        "memcached" => server(35, 500, 10, 11211),
        "postgres" => server(150, 4_000, 60, 5432),
        "mysql" => server(180, 15_000, 400, 3306),
        "mariadb" => server(110, 8_000, 150, 3306),
        "mongo" => server(250, 5_000, 150, 27017),
        "rabbitmq" => server(90, 10_000, 130, 5672),
        "amazon-cloudwatch-agent" | "cloudwatch-agent" => server(60, 1_000, 60, 25888),
        "aws-for-fluent-bit" | "fluent-bit" => server(90, 1_000, 40, 2020),
        "aws-xray-daemon" => server(25, 500, 20, 2000),
        "busybox" => shell(2),
        "alpine" => shell(4),
        "ubuntu" => shell(30),
        "debian" => shell(50),
        "amazonlinux" => shell(55),
        "python" => shell(50),
        "node" => shell(60),
        "hello-world" => shell(1),
        _ => return None,
    })
}
