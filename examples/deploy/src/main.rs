//! Deploys a state machine with the AWS SDK for Rust: validates the definition, creates or updates the state
//! machine, publishes a version, starts an execution and waits until it ends.
//!
//! ```sh
//! ROLE_ARN=arn:aws:iam::111122223333:role/greeting cargo run
//! AWS_ENDPOINT_URL=http://127.0.0.1:4566 ROLE_ARN=… cargo run   # with a local engine
//! ```
//!
//! To deploy with a template instead, see `StateMachine::export`.

use std::error::Error;
use std::time::Duration;

use aws_sdk_sfn::Client;
use aws_sdk_sfn::types::{ExecutionStatus, ValidateStateMachineDefinitionResultCode};
use sfn_tasks::prelude::*;

const NAME: &str = "greeting";

fn machine() -> Result<StateMachine, Problems> {
    let greet = Pass::new("Greet").parameters(payload!({ "text": intrinsic::format("Hello, {}!", [path("$.name")]) }));
    StateMachine::new(greet.next(Succeed::new("Done")))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let machine = machine()?;
    let role = std::env::var("ROLE_ARN").map_err(|_| "set ROLE_ARN to the ARN of the role of the state machine")?;
    let policy = machine.policy(&Scope::default())?;
    match policy.statements() {
        [] => println!("the role needs no permissions"),
        _ => println!("the role needs: {policy}"),
    }

    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let client = Client::new(&config);
    let definition = machine.to_string();

    // The checker has already accepted it; AWS validates it again.
    let answer = client.validate_state_machine_definition().definition(&definition).send().await?;
    if *answer.result() != ValidateStateMachineDefinitionResultCode::Ok {
        for diagnostic in answer.diagnostics() {
            eprintln!("{}: {}", diagnostic.code(), diagnostic.message());
        }
        return Err("AWS rejects the definition".into());
    }

    let arn = create_or_update(&client, &definition, &role).await?;
    let version = client.publish_state_machine_version().state_machine_arn(&arn).send().await?;
    println!("published {}", version.state_machine_version_arn());

    let input = r#"{"name": "world"}"#;
    let started = client.start_execution().state_machine_arn(&arn).input(input).send().await?;
    loop {
        let execution = client.describe_execution().execution_arn(started.execution_arn()).send().await?;
        match execution.status() {
            ExecutionStatus::Running => tokio::time::sleep(Duration::from_secs(1)).await,
            ExecutionStatus::Succeeded => {
                println!("output: {}", execution.output().unwrap_or_default());
                return Ok(());
            }
            status => {
                let cause = execution.cause().unwrap_or_default();
                return Err(format!("{status}: {}: {cause}", execution.error().unwrap_or_default()).into());
            }
        }
    }
}

/// Creates or updates the state machine with this name, and returns its ARN.
async fn create_or_update(client: &Client, definition: &str, role: &str) -> Result<String, Box<dyn Error>> {
    let mut pages = client.list_state_machines().into_paginator().send();
    while let Some(page) = pages.next().await {
        for present in page?.state_machines() {
            if present.name() == NAME {
                let arn = present.state_machine_arn();
                client.update_state_machine().state_machine_arn(arn).definition(definition).role_arn(role).send().await?;
                println!("updated {arn}");
                return Ok(arn.to_owned());
            }
        }
    }
    let made = client.create_state_machine().name(NAME).definition(definition).role_arn(role).send().await?;
    println!("created {}", made.state_machine_arn());
    Ok(made.state_machine_arn().to_owned())
}
