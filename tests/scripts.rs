//! The scripts that ship, run as a user runs them.

use longshore::script::{Interpreter, Output, on_big_stack};
use longshore::session::Session;
use std::cell::RefCell;
use std::rc::Rc;

/// What a script prints, run in an empty lab; with what goes wrong at the end.
pub(crate) fn run(text: &str) -> String {
    on_big_stack(|| {
        let printed = Rc::new(RefCell::new(String::new()));
        let sink = Rc::clone(&printed);
        let printer = move |output| match output {
            Output::Text(text) | Output::Prose(text) => *sink.borrow_mut() += &(text + "\n"),
            Output::Value(value) => *sink.borrow_mut() += &(value.to_string() + "\n"),
        };
        let mut interpreter = Interpreter::new(Session::new(42), Box::new(printer));
        let result = interpreter.eval(text, "script");
        assert_eq!(interpreter.session().world().violations(), Vec::<String>::new());
        if let Err(trouble) = result {
            *printed.borrow_mut() += &format!("error: {}\nway out: {}\n", trouble.message, trouble.way_out);
        }
        printed.take()
    })
}

/// Byte for byte what the Rust program of the seed document prints.
#[test]
fn the_food_truck_prints_what_its_rust_program_prints() {
    let expected = "\
--- empty cluster ---
cluster: prod-web (0 tasks)

--- launch 3 tasks ---
cluster: prod-web (3 tasks)
 task  1 image=nginx      on=Fargate cpu=256 mem=512MB
 task  2 image=nginx      on=Fargate cpu=256 mem=512MB
 task  3 image=redis      on=EC2     cpu=512 mem=1024MB

--- scale nginx to 5 ---
cluster: prod-web (6 tasks)
 task  1 image=nginx      on=Fargate cpu=256 mem=512MB
 task  2 image=nginx      on=Fargate cpu=256 mem=512MB
 task  3 image=redis      on=EC2     cpu=512 mem=1024MB
 task  4 image=nginx      on=Fargate cpu=256 mem=512MB
 task  5 image=nginx      on=Fargate cpu=256 mem=512MB
 task  6 image=nginx      on=Fargate cpu=256 mem=512MB

--- kill task 3 ---
killed task 3
cluster: prod-web (5 tasks)
 task  1 image=nginx      on=Fargate cpu=256 mem=512MB
 task  2 image=nginx      on=Fargate cpu=256 mem=512MB
 task  4 image=nginx      on=Fargate cpu=256 mem=512MB
 task  5 image=nginx      on=Fargate cpu=256 mem=512MB
 task  6 image=nginx      on=Fargate cpu=256 mem=512MB

--- where each flavor fits ---
ECS on EC2 you patch the boxes, you save money at scale
ECS on Fargate AWS runs the boxes, you pay per task-second
EKS same trade, but the control plane is Kubernetes
";
    assert_eq!(run(include_str!("../scripts/food_truck.rhai")), expected);
}

#[test]
fn killing_a_task_that_is_not_there_says_so() {
    let script = r#"
        let lot = cluster("lot");
        lot.launch("nginx", "Fargate", 256, 512);
        for number in [2, 0, -1, 99] { try { lot.kill(number); } catch (why) { print(why); } }
        lot.kill(1);
        try { lot.kill(1); } catch (why) { print(why); }
    "#;
    assert_eq!(run(script), "no such task\n".repeat(5));
}

/// What fits on an instance is limited by its CPU and memory, and what is short is named.
#[test]
fn an_instance_takes_what_fits() {
    let script = r#"
        let lot = cluster("lot");
        try { lot.launch("redis", "EC2", 512, 1024); } catch (why) { print(why.message); }
        ecs.register_container_instance(#{ cluster: "lot", totalResources: [
            #{ name: "CPU", type: "INTEGER", integerValue: 1024 }, #{ name: "MEMORY", type: "INTEGER", integerValue: 3000 },
        ] });
        lot.launch("redis", "EC2", 512, 1024);
        try { lot.launch("redis", "EC2", 256, 2048); } catch (why) { print(why); }
        lot.launch("redis", "EC2", 512, 1024);
        try { lot.launch("redis", "EC2", 512, 512); } catch (why) { print(why); }
        lot.kill(1);
        lot.launch("redis", "EC2", 512, 512);
        print(lot.render());
    "#;
    assert_eq!(
        run(script),
        "No Container Instances were found in your cluster.
RESOURCE:MEMORY
RESOURCE:CPU
cluster: lot (2 tasks)
 task  2 image=redis      on=EC2     cpu=512 mem=1024MB
 task  3 image=redis      on=EC2     cpu=512 mem=512MB

"
    );
}

/// Scaling down is the real service's: it stops its own tasks, and those launched by hand stay.
#[test]
fn scaling_down_is_the_services_own() {
    let script = r#"
        let lot = cluster("lot");
        lot.launch("nginx", "Fargate", 256, 512);
        lot.scale_to("nginx", "Fargate", 256, 512, 4);
        lot.scale_to("nginx", "Fargate", 256, 512, 2);
        print(ecs.describe_services(#{ cluster: "lot", services: ["nginx-fargate-256-512"] }).services[0].runningCount);
        lot.scale_to("nginx", "Fargate", 256, 512, 0);
        print(lot.render());
    "#;
    assert_eq!(
        run(script),
        "1
cluster: lot (1 tasks)
 task  1 image=nginx      on=Fargate cpu=256 mem=512MB

"
    );
}

/// Operations are called `call`, too; for closures the word means what it always meant, however many arguments they have.
#[test]
fn closures_are_called_with_any_number_of_arguments() {
    for (script, value) in [
        ("(|| 7).call()", 7),
        ("let add = |a, b, c, d, e, f| a + b + c + d + e + f; add.call(1, 2, 3, 4, 5, 6)", 21),
        ("let twice = |f| f.call(f.call(3)); twice.call(|x| x * 2)", 12),
        ("let n = 5; let f = |x| this + x; n.call(f, 4)", 9),
        ("let base = 10; let f = |x| base + x; f.call(1)", 11),
    ] {
        on_big_stack(|| {
            let mut interpreter = Interpreter::new(Session::new(1), Box::new(|_| {}));
            let outcome = interpreter.eval(script, "test").unwrap_or_else(|trouble| panic!("{script}: {trouble:?}"));
            assert_eq!(outcome.value, value, "{script}");
        });
    }
}
