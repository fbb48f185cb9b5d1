//! Scripts that want to break out, eat the machine or never end. Each ends in a clear sentence, and the lab lives on.

use longshore::script::trouble::Kind;
use longshore::script::{Interpreter, on_big_stack};
use longshore::session::Session;

#[track_caller]
fn bomb(script: &str, kind: Kind, sentence: &str) {
    on_big_stack(|| {
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
        let trouble = interpreter.eval(script, "bomb").expect_err("it should be stopped");
        assert_eq!(trouble.kind, kind, "{script}\n{trouble:?}");
        assert!(trouble.message.contains(sentence), "{script}\n{trouble:?}");
        let after = interpreter.eval(r#"ecs.create_cluster(#{ clusterName: "after" }).cluster.status"#, "after");
        assert_eq!(after.expect("the lab lives on").value, "ACTIVE");
        assert_eq!(interpreter.session().world().violations(), Vec::<String>::new());
    });
}

#[test]
fn what_never_ends_is_stopped() {
    let sentence = "it took more than 20000000 operations";
    for script in [
        "loop {}",
        "while true { let x = 1; }",
        "let n = 0; loop { try { n += 1; } catch { } }",
        "let a = [1, 2, 3]; loop { a.map(|x| x + 1); }",
        "let a = []; for i in 0..100 { a.push(i); } loop { a.sort(|x, y| x - y); }",
        "for i in 0..9223372036854775807 { }",
        r#"wait_until(|| { loop {} }, "1h")"#,
    ] {
        bomb(script, Kind::Limit, sentence);
    }
}

#[test]
fn deep_recursion_is_stopped() {
    for script in [
        "fn f(n) { f(n + 1) } f(0)",
        "fn f(n) { g(n) } fn g(n) { f(n) } f(0)",
        "let f = |n, me| me.call(n + 1, me); f.call(0, f)",
        "fn f(a) { a.map(|x| f([x])) } f([1])",
        "fn f(a) { a.sort(|x, y| { f([x, y]); 0 }) } f([1, 2])",
    ] {
        bomb(script, Kind::Limit, "");
    }
}

#[test]
fn giants_are_refused() {
    for script in [
        r#"let s = "a"; loop { s += s; }"#,
        "let a = [1]; loop { a += a; }",
        r#"let s = ""; s.pad(500000000, "x"); s"#,
        "let a = []; a.pad(500000000, 0); a",
        r#"let s = "x"; for i in 0..17 { s += s; } let t = s; s.replace("x", t); s"#,
        r#"let s = "x"; for i in 0..17 { s += s; } let t = s; s.replace('x', t); s"#,
        "let m = #{}; for i in 0..100000 { m[`k${i}`] = i; } m.keys()",
        "let a = []; loop { a = [a, a]; }",
        r#"let s = "a"; s.pad(200000, "a"); s.replace("a", s);"#,
        r#"let s = "a"; s.pad(200000, "a"); s.replace('a', s);"#,
    ] {
        bomb(script, Kind::Limit, "");
    }
}

#[test]
fn the_simulation_is_bounded_too() {
    for (script, kind, sentence) in [
        (r#"wait("1000000d")"#, Kind::Limit, "A single wait lasts at most"),
        (r#"for i in 0..9000 { wait("366d"); }"#, Kind::Limit, "The lab's clock ends at 9999-01-01T00:00:00Z."),
        (
            "let a = []; for i in 0..300 { a = [a]; } ecs.create_cluster(#{ settings: a })",
            Kind::Limit,
            "A request is nested at most 64 deep.",
        ),
        (r#"wait("99999999999999999999d")"#, Kind::Script, "is not a duration"),
        ("loop { wait(\"1d\"); }", Kind::Limit, ""),
        ("sleep(9223372036854775807)", Kind::Limit, "A single wait lasts at most"),
        (
            r#"ecs.create_cluster();
               ecs.register_task_definition(#{ family: "web", containerDefinitions: [#{ name: "web", image: "nginx", memory: 128 }] });
               ecs.create_service(#{ serviceName: "web", taskDefinition: "web", desiredCount: 1000000000 })"#,
            Kind::Refused,
            "Desired count exceeds limit.",
        ),
        (
            r#"ecs.create_cluster();
               ecs.register_task_definition(#{ family: "web", containerDefinitions: [#{ name: "web", image: "nginx", memory: 128 }] });
               ecs.run_task(#{ taskDefinition: "web", count: 1000000000 })"#,
            Kind::Refused,
            "count must be between 1 and 10.",
        ),
        (
            "let x = \"\"; for i in 0..100000 { print(\"0123456789012345678901234567890123456789\"); }",
            Kind::Limit,
            "it printed too much",
        ),
    ] {
        bomb(script, kind, sentence);
    }
}

#[test]
fn nothing_outside_can_be_reached() {
    for (script, sentence) in [
        (r#"import "Cargo" as c;"#, "import"),
        (r#"eval("1 + 1")"#, "eval"),
        (r#"Fn("eval").call("1 + 1")"#, "eval"),
        ("timestamp()", "there is no wall clock in the lab"),
        (r#"Fn("timestamp").call()"#, "there is no wall clock in the lab"),
        (r#"open_file("/etc/passwd")"#, "there is no function `open_file`"),
        ("let ecs = 1;", "ecs"),
        ("const ans = 1;", "`ans` is always the last value"),
        ("let f = |x| x; f.curry(f)", "Expecting name of a property"),
    ] {
        on_big_stack(|| {
            let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
            let trouble = interpreter.eval(script, "bomb").expect_err(script);
            assert!(trouble.message.contains(sentence), "{script}\n{trouble:?}");
        });
    }
}

/// A change whose answer no script can hold has happened all the same; a question is refused, and nothing is lost.
#[test]
fn an_answer_may_be_too_large_to_hold() {
    let script = r#"
        let trust = #{ Version: "2012-10-17", Statement: [
            #{ Effect: "Allow", Principal: #{ Service: "eks.amazonaws.com" }, Action: "sts:AssumeRole" },
        ] };
        iam.create_role(#{ RoleName: "eks", AssumeRolePolicyDocument: trust });
        let subnets = ec2.describe_subnets().Subnets.map(|subnet| subnet.SubnetId);
        let role = "arn:aws:iam::123456789012:role/eks";
        eks.create_cluster(#{ name: "prod", roleArn: role, resourcesVpcConfig: #{ subnetIds: subnets } });
        wait("15m");
        let pods = [];
        for i in 0..500 {
            let containers = [];
            for n in 0..8 { containers.push(#{ name: `c${n}`, image: "nginx" }); }
            pods.push(#{ apiVersion: "v1", kind: "Pod", metadata: #{ name: `p${i}` }, spec: #{ containers: containers } });
        }
        k8s.apply(#{ apiVersion: "v1", kind: "List", items: pods }).len()"#;
    on_big_stack(|| {
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
        assert_eq!(interpreter.eval(script, "many").expect("it is applied").value, 0);
        let notices = interpreter.take_notices();
        let left_out = "k8s.apply has done what it was asked to; its answer is left out, for it has ";
        assert!(notices.iter().any(|notice| notice.starts_with(left_out)), "{notices:?}");

        let last = interpreter.eval(r#"k8s.get("pod", "p499").metadata.name"#, "one");
        assert_eq!(last.expect("it is there").value, "p499");

        let all = interpreter.eval(r#"k8s.get("pods")"#, "all").expect_err("too many to hold");
        assert_eq!(all.kind, Kind::Limit);
        assert!(all.because.contains("values in maps, and a script holds at most 20000"), "{all:?}");
    });
}

#[test]
fn a_very_long_text_is_not_even_read() {
    bomb(&"1;".repeat(40_000), Kind::Limit, "a script has at most 65536 bytes");
}

/// Sizes and times that overflow where they are added up.
#[test]
fn nothing_overflows() {
    on_big_stack(|| {
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
        let script = r#"
            ecs.create_cluster();
            let huge = #{ name: "a", image: "nginx", memory: 4294967295, cpu: 4294967295 };
            try { ecs.register_task_definition(#{ family: "w", containerDefinitions: [huge, #{ name: "b", image: "nginx", memory: 4294967295, cpu: 9 }] }); } catch { }
            ecs.register_task_definition(#{ family: "s", containerDefinitions: [
                #{ name: "a", image: "busybox", memory: 64, command: ["sleep", "18446744073709551615"] },
            ] });
            ecs.register_container_instance(#{ totalResources: [
                #{ name: "CPU", integerValue: 1024 }, #{ name: "MEMORY", integerValue: 1024 },
            ] });
            try { ecs.run_task(#{ taskDefinition: "w" }); } catch { }
            ecs.run_task(#{ taskDefinition: "s" });
            wait("366d");
            ecs.list_tasks().taskArns.len()
        "#;
        assert_eq!(interpreter.eval(script, "overflow").expect("nothing overflows").value, 1);
        let sorted = interpreter.eval("let a = [3, 1, 2]; try { a.sort(|x, y| throw 1); } catch { } a", "sort");
        assert_eq!(sorted.expect("it is caught").value, serde_json::json!([3, 1, 2]));
    });
}
