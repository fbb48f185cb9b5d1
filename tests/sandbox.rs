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
        "let m = #{}; for i in 0..100000 { m[`k${i}`] = i; } m.keys()",
        "let a = []; loop { a = [a, a]; }",
    ] {
        bomb(script, Kind::Limit, "");
    }
}

#[test]
fn the_simulation_is_bounded_too() {
    for (script, kind, sentence) in [
        (r#"wait("1000000d")"#, Kind::Limit, "A single wait lasts at most"),
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
    ] {
        on_big_stack(|| {
            let mut interpreter = Interpreter::new(Session::new(42), Box::new(|_| {}));
            let trouble = interpreter.eval(script, "bomb").expect_err(script);
            assert!(trouble.message.contains(sentence), "{script}\n{trouble:?}");
        });
    }
}

#[test]
fn a_very_long_text_is_not_even_read() {
    bomb(&"1;".repeat(40_000), Kind::Limit, "a script has at most 65536 bytes");
}
