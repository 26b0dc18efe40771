//! Tests the spec files of Athena, Batch, CodeBuild, Glue, ECS, EMR and SageMaker AI with definitions from other projects, and
//! each kind of value that they reject.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use sfn_tasks::asl::StateMachine;
use sfn_tasks::catalog::{Shape, Structure, services};
use sfn_tasks::check::{Options, Severity, check};

const SERVICES: [&str; 7] = ["athena", "batch", "codebuild", "ecs", "elasticmapreduce", "glue", "sagemaker"];

/// The errors of a state machine, as `code: message`.
fn errors(definition: &Value) -> Vec<String> {
    let machine: StateMachine = definition.to_string().parse().unwrap();
    let options = Options::default();
    let found = check(&machine, &options).into_iter().filter(|finding| finding.severity == Severity::Error);
    found.map(|finding| format!("{}: {} ({})", finding.code, finding.message, finding.pointer)).collect()
}

/// The errors of one call.
fn errors_of(api: &str, parameters: Value) -> Vec<String> {
    errors(&json!({
        "StartAt": "Call",
        "States": { "Call": {
            "Type": "Task", "Resource": format!("arn:aws:states:::{api}"), "Parameters": parameters, "End": true
        } }
    }))
}

/// Replaces functions of CloudFormation with placeholders.
fn resolve(json: &mut Value) {
    match json {
        Value::Object(object)
            if object.len() == 1 && object.keys().all(|key| key == "Ref" || key.starts_with("Fn::")) =>
        {
            let arn = object
                .values()
                .next()
                .and_then(|join| join[1].as_array())
                .map(|parts| parts.iter().map(|part| part.as_str().unwrap_or("aws")).collect::<String>());
            *json = arn.unwrap_or_else(|| "${Token}".to_owned()).into();
        }
        Value::Object(object) => object.values_mut().for_each(resolve),
        Value::Array(elements) => elements.iter_mut().for_each(resolve),
        _ => {}
    }
}

#[test]
fn what_cdk_writes_for_the_seed_is_accepted() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/golden/seed"));
    let Ok(files) = fs::read_dir(&folder) else {
        println!("skipped: no goldens at {}", folder.display());
        return;
    };
    let mut judged = 0;
    let files = files.map(|file| file.unwrap().path());
    let is_golden = |path: &PathBuf| {
        path.extension().is_some_and(|it| it == "json") && path.file_stem().is_some_and(|it| it != "index")
    };
    for path in files.filter(is_golden) {
        let mut golden: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let machine = &mut golden["asl"];
        if machine.is_null() {
            continue;
        }
        resolve(machine);
        let text = machine.to_string();
        if !SERVICES.iter().any(|service| text.contains(&format!("states:::{service}:"))) {
            continue;
        }
        assert_eq!(errors(machine), Vec::<String>::new(), "{}\n{text}", path.display());
        judged += 1;
    }
    assert!(judged >= 20, "only {judged} goldens call these services");
}

#[test]
fn real_definitions_are_accepted() {
    let corpus = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    let Ok(index) = fs::read_to_string(corpus.join("index.json")) else {
        println!("skipped: no corpus at {}", corpus.display());
        return;
    };
    let index: Value = serde_json::from_str(&index).unwrap();
    let options = Options::default();
    let mut faults = Vec::new();
    for entry in index.as_array().unwrap().iter().filter(|entry| entry["negative_test"] != true) {
        let file = entry["file"].as_str().unwrap();
        let text = fs::read_to_string(corpus.join(file)).unwrap();
        if !SERVICES.iter().any(|service| text.contains(&format!("states:::{service}:"))) {
            continue;
        }
        let machine: StateMachine = text.parse().unwrap();
        let found = check(&machine, &options).into_iter().filter(|finding| finding.severity == Severity::Error);
        faults
            .extend(found.map(|finding| format!("{file}: {} {}: {}", finding.code, finding.pointer, finding.message)));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A call that breaks a rule, or several.
fn broken() -> Vec<(&'static str, Value)> {
    let fleet = json!({ "InstanceFleetType": "CORE", "InstanceTypeConfigs": [{ "InstanceType": "m7g.xlarge", "BidPrice": "1", "BidPriceAsPercentageOfOnDemandPrice": 50 }] });
    let group = json!({ "InstanceRole": "CORE", "InstanceType": "m7g.xlarge", "InstanceCount": 1, "Market": "ON_DEMAND", "BidPrice": "1" });
    let definition = |more: Value| {
        let mut all =
            json!({ "RoleArn": "arn:aws:iam::123456789012:role/r", "OutputDataConfig": { "S3OutputPath": "s3://b/" } });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    vec![
        (
            "athena:startQueryExecution",
            json!({ "ResultConfiguration": { "EncryptionConfiguration": { "EncryptionOption": "SSE_KMS" } } }),
        ),
        (
            "athena:startQueryExecution",
            json!({ "ResultConfiguration": { "EncryptionConfiguration": { "EncryptionOption": "CSE_KMS" } } }),
        ),
        (
            "athena:startQueryExecution",
            json!({ "ResultConfiguration": { "EncryptionConfiguration": { "EncryptionOption": "SSE_S3", "KmsKey": "k" } } }),
        ),
        ("batch:submitJob", json!({ "NodeOverrides": {}, "ContainerOverrides": {}, "ArrayProperties": { "Size": 2 } })),
        ("batch:submitJob", json!({ "RetryStrategy": { "EvaluateOnExit": [{ "Action": "RETRY" }] } })),
        (
            "codebuild:startBuild",
            json!({ "SourceAuthOverride": { "Type": "CODECONNECTIONS" }, "ArtifactsOverride": { "Type": "S3" }, "CacheOverride": { "Type": "S3" } }),
        ),
        (
            "codebuild:startBuild",
            json!({ "SourceAuthOverride": { "Type": "SECRETS_MANAGER" }, "CacheOverride": { "Type": "LOCAL" } }),
        ),
        (
            "codebuild:startBuildBatch",
            json!({ "CacheOverride": { "Type": "NO_CACHE", "Location": "b" }, "LogsConfigOverride": { "S3Logs": { "Status": "ENABLED" } } }),
        ),
        (
            "ecs:runTask",
            json!({ "LaunchType": "FARGATE", "CapacityProviderStrategy": [{ "CapacityProvider": "FARGATE" }], "PlacementStrategy": [{ "Type": "binpack" }, { "Type": "spread" }, { "Type": "random", "Field": "cpu" }], "PlacementConstraints": [{ "Type": "memberOf" }, { "Type": "distinctInstance", "Expression": "x" }] }),
        ),
        (
            "ecs:runTask",
            json!({ "LaunchType": "EC2", "PlatformVersion": "1.4.0", "NetworkConfiguration": { "AwsvpcConfiguration": { "Subnets": ["s"], "AssignPublicIp": "ENABLED" } } }),
        ),
        (
            "ecs:runTask",
            json!({ "LaunchType": "EXTERNAL", "NetworkConfiguration": { "AwsvpcConfiguration": { "Subnets": ["s"] } }, "VolumeConfigurations": [{ "Name": "v", "ManagedEBSVolume": { "RoleArn": "r" } }] }),
        ),
        (
            "elasticmapreduce:createCluster",
            json!({ "ReleaseLabel": "emr-7.9.0", "AmiVersion": "3.11", "KerberosAttributes": { "Realm": "R", "KdcAdminPassword": "p" }, "RepoUpgradeOnBoot": "NONE", "AutoScalingRole": "r", "Instances": { "InstanceFleets": [fleet], "InstanceCount": 3, "KeepJobFlowAliveWhenNoSteps": false, "Placement": { "AvailabilityZone": "a", "AvailabilityZones": ["a"] } } }),
        ),
        (
            "elasticmapreduce:createCluster",
            json!({ "Instances": { "InstanceGroups": [group], "InstanceFleets": [], "InstanceCount": 3, "Ec2SubnetId": "s", "Ec2SubnetIds": ["s"] } }),
        ),
        ("glue:startJobRun", json!({ "WorkerType": "G.1X" })),
        ("glue:startJobRun", json!({ "NumberOfWorkers": 2, "MaxCapacity": 2, "AllocatedCapacity": 2 })),
        (
            "sagemaker:createTrainingJob",
            json!({ "EnableManagedSpotTraining": true, "RetryStrategy": { "MaximumRetryAttempts": 1 }, "AlgorithmSpecification": { "TrainingInputMode": "File" }, "InputDataConfig": [{ "ChannelName": "c", "DataSource": {} }] }),
        ),
        (
            "sagemaker:createTrainingJob",
            json!({ "ServerlessJobConfig": { "BaseModelArn": "a", "JobType": "FineTuning" }, "ResourceConfig": { "InstanceType": "ml.m5.xlarge", "InstanceGroups": [] } }),
        ),
        ("sagemaker:createTrainingJob", json!({ "ResourceConfig": { "InstanceGroups": [], "InstanceCount": 1 } })),
        (
            "sagemaker:createModel",
            json!({ "PrimaryContainer": { "MultiModelConfig": {}, "ModelDataUrl": "s3://b/m", "ModelDataSource": {} }, "Containers": [] }),
        ),
        (
            "sagemaker:createModel",
            json!({ "PrimaryContainer": { "Image": "i" }, "InferenceExecutionConfig": { "Mode": "Serial" } }),
        ),
        (
            "sagemaker:createEndpoint",
            json!({ "DeploymentConfig": { "RollingUpdatePolicy": {}, "BlueGreenUpdatePolicy": { "TrafficRoutingConfiguration": { "Type": "CANARY" } } } }),
        ),
        (
            "sagemaker:updateEndpoint",
            json!({ "DeploymentConfig": { "BlueGreenUpdatePolicy": { "TrafficRoutingConfiguration": { "Type": "LINEAR" } } } }),
        ),
        (
            "sagemaker:createEndpointConfig",
            json!({ "ProductionVariants": [{ "VariantName": "v", "ServerlessConfig": {}, "InstanceType": "ml.m5.large" }, { "VariantName": "w" }], "ExplainerConfig": { "ClarifyExplainerConfig": { "ShapConfig": { "ShapBaselineConfig": { "ShapBaseline": "b", "ShapBaselineUri": "s3://b/" } } } } }),
        ),
        (
            "sagemaker:createHyperParameterTuningJob",
            json!({ "TrainingJobDefinition": definition(json!({ "AlgorithmSpecification": {} })), "TrainingJobDefinitions": [] }),
        ),
        (
            "sagemaker:createLabelingJob",
            json!({ "InputConfig": { "DataSource": {} }, "HumanTaskConfig": { "UiConfig": {} } }),
        ),
        (
            "sagemaker:createProcessingJob",
            json!({ "ProcessingInputs": [{ "InputName": "i", "S3Input": {}, "DatasetDefinition": {} }], "ProcessingOutputConfig": { "Outputs": [{ "OutputName": "o" }] }, "ProcessingResources": { "ClusterConfig": { "InstanceType": "ml.m5.large", "InstancePreferences": [] } } }),
        ),
    ]
}

#[test]
fn every_rule_refuses_what_breaks_it() {
    let said: String = broken().into_iter().flat_map(|(api, parameters)| errors_of(api, parameters)).collect();
    let mut untold = Vec::new();
    for service in services().iter().filter(|service| SERVICES.contains(&service.name)) {
        let mut structures: Vec<&Structure> = service.actions.iter().map(|action| action.parameters).collect();
        let mut at = 0;
        while let Some(structure) = structures.get(at).copied() {
            for rule in structure.rules.iter().filter(|rule| !said.contains(rule.message)) {
                untold.push(format!("{}, {}: {}", service.name, structure.name, rule.message));
            }
            for inner in structure.members.iter().filter_map(|member| inner(member.shape)) {
                if !structures.iter().any(|known| std::ptr::eq(*known, inner)) {
                    structures.push(inner);
                }
            }
            at += 1;
        }
    }
    assert!(untold.is_empty(), "{}", untold.join("\n"));
}

/// The structure of a shape, or of the elements of a list or map.
fn inner(shape: Shape) -> Option<&'static Structure> {
    match shape {
        Shape::Structure(structure) => Some(structure.get()),
        Shape::List(list) => inner(list.items),
        Shape::Map(map) => inner(map.values),
        _ => None,
    }
}

#[test]
fn a_public_address_is_refused_on_ec2_only() {
    let network = |public| json!({ "AwsvpcConfiguration": { "Subnets": ["subnet-1"], "AssignPublicIp": public } });
    for (launch, public, right) in [
        ("FARGATE", "ENABLED", true),
        ("FARGATE", "DISABLED", true),
        ("EC2", "DISABLED", true),
        ("EC2", "ENABLED", false),
    ] {
        let call = json!({ "TaskDefinition": "t", "LaunchType": launch, "NetworkConfiguration": network(public) });
        assert_eq!(errors_of("ecs:runTask", call).is_empty(), right, "{launch} {public}");
    }
    let later = json!({ "TaskDefinition": "t", "LaunchType": "EC2", "NetworkConfiguration.$": "$.network" });
    assert_eq!(errors_of("ecs:runTask", later), Vec::<String>::new(), "what is only known later is left alone");
}
