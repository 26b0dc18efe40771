//! What CloudFormation's references to a resource return.
//!
//! For each type: what `Ref` returns, the property that contains the name, the ARN, and what `Fn::GetAtt` returns. The
//! source of a line is the section *Return values* of the type's page in the CloudFormation Template Reference
//! (`https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-<service>-<type>.html`, for types
//! of SAM `https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-<type>.html`); the
//! primary identifiers and read-only properties of the registry's schemas (in cfn-lint 1.51) agree with it, except for
//! `AWS::Batch::JobDefinition`, whose `Ref` is the ARN. The ARN formats are those of the Service Authorization Reference.

/// What a reference returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Gives {
    /// The ARN of the resource.
    Arn,
    /// The ARN of something that belongs to the resource, such as the stream of a table.
    OtherArn,
    /// The name of the resource.
    Name,
    /// A URL.
    Url,
    /// An identifier that AWS generates.
    Id,
    /// Something else, such as a host name or a number.
    Other,
}

impl Gives {
    /// In words, with an article.
    pub const fn words(self) -> &'static str {
        match self {
            Gives::Arn => "its ARN",
            Gives::OtherArn => "the ARN of something else",
            Gives::Name => "its name",
            Gives::Url => "its URL",
            Gives::Id => "its ID",
            Gives::Other => "another value",
        }
    }
}

/// A type of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ResourceType {
    /// The name: `AWS::SQS::Queue`.
    pub name: &'static str,
    /// What `Ref` returns.
    pub reference: Gives,
    /// The property that sets the name; empty if there is none.
    pub name_property: &'static str,
    /// The ARN; empty if no policy of a workflow contains one. `${Name}` is the name or ID, `${/Name}` the same with a
    /// slash before it, `${@Property}` the value of another property, `${#what}` something that AWS generates.
    pub arn: &'static str,
    /// What `Fn::GetAtt` returns.
    pub attributes: &'static [(&'static str, Gives)],
}

impl ResourceType {
    /// The type of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|known| known.name == name)
    }

    /// What the attribute returns; none if the table has no such attribute.
    pub fn attribute(&self, name: &str) -> Option<Gives> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, gives)| *gives)
    }

    /// The attribute that returns an ARN, a name or a URL, if `Ref` does not return it.
    pub fn attribute_with(&self, wanted: Gives) -> Option<&'static str> {
        self.attributes.iter().find(|(_, gives)| *gives == wanted).map(|(name, _)| *name)
    }
}

use Gives::{Arn, Id, Name, Other, OtherArn, Url};

const fn of(
    name: &'static str,
    reference: Gives,
    name_property: &'static str,
    arn: &'static str,
    attributes: &'static [(&'static str, Gives)],
) -> ResourceType {
    ResourceType { name, reference, name_property, arn, attributes }
}

/// Every type that a workflow can refer to.
pub const TYPES: &[ResourceType] = &[
    of("AWS::ApiGateway::RestApi", Id, "", "", &[("RestApiId", Id), ("RootResourceId", Other)]),
    of("AWS::ApiGateway::Stage", Name, "StageName", "", &[]),
    of("AWS::ApiGatewayV2::Api", Id, "", "", &[("ApiId", Id), ("ApiEndpoint", Url)]),
    of("AWS::ApiGatewayV2::Stage", Name, "StageName", "", &[]),
    of(
        "AWS::Athena::DataCatalog",
        Name,
        "Name",
        "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:datacatalog/${Name}",
        &[],
    ),
    of("AWS::Athena::NamedQuery", Id, "", "", &[("NamedQueryId", Id)]),
    of(
        "AWS::Athena::WorkGroup",
        Name,
        "Name",
        "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/${Name}",
        &[],
    ),
    of(
        "AWS::Batch::ComputeEnvironment",
        Arn,
        "ComputeEnvironmentName",
        "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:compute-environment/${Name}",
        &[("ComputeEnvironmentArn", Arn)],
    ),
    of(
        "AWS::Batch::JobDefinition",
        Arn,
        "JobDefinitionName",
        "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-definition/${Name}:${#revision}",
        &[("JobDefinitionArn", Arn)],
    ),
    of(
        "AWS::Batch::JobQueue",
        Arn,
        "JobQueueName",
        "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-queue/${Name}",
        &[("JobQueueArn", Arn)],
    ),
    of(
        "AWS::Bedrock::Agent",
        Id,
        "",
        "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:agent/${Name}",
        &[("AgentArn", Arn), ("AgentId", Id)],
    ),
    of("AWS::Bedrock::AgentAlias", Other, "", "", &[("AgentAliasArn", Arn), ("AgentAliasId", Id)]),
    of(
        "AWS::Bedrock::ApplicationInferenceProfile",
        Arn,
        "",
        "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:application-inference-profile/${Name}",
        &[("InferenceProfileArn", Arn), ("InferenceProfileId", Id), ("InferenceProfileIdentifier", Arn)],
    ),
    of(
        "AWS::Bedrock::Guardrail",
        Arn,
        "",
        "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:guardrail/${Name}",
        &[("GuardrailArn", Arn), ("GuardrailId", Id), ("Version", Other)],
    ),
    of(
        "AWS::Bedrock::KnowledgeBase",
        Id,
        "",
        "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:knowledge-base/${Name}",
        &[("KnowledgeBaseArn", Arn), ("KnowledgeBaseId", Id)],
    ),
    of(
        "AWS::Bedrock::Prompt",
        Arn,
        "",
        "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:prompt/${Name}",
        &[("Arn", Arn), ("Id", Id), ("Version", Other)],
    ),
    of(
        "AWS::BedrockAgentCore::Runtime",
        Id,
        "",
        "arn:${AWS::Partition}:bedrock-agentcore:${AWS::Region}:${AWS::AccountId}:runtime/${Name}",
        &[("AgentRuntimeArn", Arn), ("AgentRuntimeId", Id), ("AgentRuntimeVersion", Other)],
    ),
    of(
        "AWS::CodeBuild::Project",
        Name,
        "Name",
        "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:project/${Name}",
        &[("Arn", Arn), ("Id", Other)],
    ),
    of(
        "AWS::Cognito::UserPool",
        Id,
        "",
        "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Name}",
        &[("Arn", Arn), ("UserPoolId", Id), ("ProviderName", Other), ("ProviderURL", Url)],
    ),
    of(
        "AWS::DataBrew::Job",
        Name,
        "Name",
        "arn:${AWS::Partition}:databrew:${AWS::Region}:${AWS::AccountId}:job/${Name}",
        &[],
    ),
    of("AWS::DataSync::Task", Arn, "", "", &[("TaskArn", Arn), ("Status", Other)]),
    of(
        "AWS::DynamoDB::GlobalTable",
        Name,
        "TableName",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Name}",
        &[("Arn", Arn), ("StreamArn", OtherArn), ("TableId", Other)],
    ),
    of(
        "AWS::DynamoDB::Table",
        Name,
        "TableName",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Name}",
        &[("Arn", Arn), ("StreamArn", OtherArn)],
    ),
    of("AWS::EC2::SecurityGroup", Id, "", "", &[("GroupId", Id), ("VpcId", Other), ("Id", Id)]),
    of("AWS::EC2::Subnet", Id, "", "", &[("SubnetId", Id), ("AvailabilityZone", Other), ("VpcId", Other)]),
    of("AWS::EC2::VPC", Id, "", "", &[("VpcId", Id), ("CidrBlock", Other)]),
    of(
        "AWS::ECR::Repository",
        Name,
        "RepositoryName",
        "arn:${AWS::Partition}:ecr:${AWS::Region}:${AWS::AccountId}:repository/${Name}",
        &[("Arn", Arn), ("RepositoryUri", Url)],
    ),
    of(
        "AWS::ECS::Cluster",
        Name,
        "ClusterName",
        "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${Name}",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::ECS::Service",
        Arn,
        "ServiceName",
        "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:service/${@Cluster}/${Name}",
        &[("ServiceArn", Arn), ("Name", Name)],
    ),
    of(
        "AWS::ECS::TaskDefinition",
        Arn,
        "Family",
        "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task-definition/${Name}:${#revision}",
        &[("TaskDefinitionArn", Arn)],
    ),
    of(
        "AWS::EKS::Cluster",
        Name,
        "Name",
        "arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:cluster/${Name}",
        &[
            ("Arn", Arn),
            ("Endpoint", Url),
            ("CertificateAuthorityData", Other),
            ("ClusterSecurityGroupId", Other),
            ("OpenIdConnectIssuerUrl", Url),
        ],
    ),
    of(
        "AWS::EMR::Cluster",
        Id,
        "",
        "arn:${AWS::Partition}:elasticmapreduce:${AWS::Region}:${AWS::AccountId}:cluster/${Name}",
        &[("Id", Id), ("MasterPublicDNS", Other)],
    ),
    of(
        "AWS::EMRContainers::VirtualCluster",
        Id,
        "",
        "arn:${AWS::Partition}:emr-containers:${AWS::Region}:${AWS::AccountId}:/virtualclusters/${Name}",
        &[("Arn", Arn), ("Id", Id)],
    ),
    of(
        "AWS::EMRServerless::Application",
        Id,
        "",
        "arn:${AWS::Partition}:emr-serverless:${AWS::Region}:${AWS::AccountId}:/applications/${Name}",
        &[("ApplicationId", Id), ("Arn", Arn)],
    ),
    of(
        "AWS::Events::ApiDestination",
        Name,
        "Name",
        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:api-destination/${Name}/${#id}",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::Events::Connection",
        Name,
        "Name",
        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:connection/${Name}/${#id}",
        &[("Arn", Arn), ("ArnForPolicy", OtherArn), ("SecretArn", OtherArn)],
    ),
    of(
        "AWS::Events::EventBus",
        Name,
        "Name",
        "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/${Name}",
        &[("Arn", Arn), ("Name", Name), ("Policy", Other)],
    ),
    of(
        "AWS::Glue::Crawler",
        Name,
        "Name",
        "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:crawler/${Name}",
        &[],
    ),
    of(
        "AWS::Glue::Database",
        Name,
        "",
        "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:database/${Name}",
        &[],
    ),
    of("AWS::Glue::Job", Name, "Name", "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Name}", &[]),
    of("AWS::Glue::Table", Name, "", "", &[("Id", Other)]),
    of(
        "AWS::Glue::Workflow",
        Name,
        "Name",
        "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:workflow/${Name}",
        &[],
    ),
    of(
        "AWS::IAM::InstanceProfile",
        Name,
        "InstanceProfileName",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:instance-profile/${Name}",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::IAM::ManagedPolicy",
        Arn,
        "ManagedPolicyName",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/${Name}",
        &[("PolicyArn", Arn), ("PolicyId", Other)],
    ),
    of(
        "AWS::IAM::Role",
        Name,
        "RoleName",
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Name}",
        &[("Arn", Arn), ("RoleId", Other)],
    ),
    of("AWS::KMS::Alias", Name, "AliasName", "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:${Name}", &[]),
    of(
        "AWS::KMS::Key",
        Id,
        "",
        "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Name}",
        &[("Arn", Arn), ("KeyId", Id)],
    ),
    of(
        "AWS::Kinesis::Stream",
        Name,
        "Name",
        "arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${Name}",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::KinesisFirehose::DeliveryStream",
        Name,
        "DeliveryStreamName",
        "arn:${AWS::Partition}:firehose:${AWS::Region}:${AWS::AccountId}:deliverystream/${Name}",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::Lambda::Alias",
        Arn,
        "Name",
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${@FunctionName}:${Name}",
        &[("AliasArn", Arn)],
    ),
    of(
        "AWS::Lambda::Function",
        Name,
        "FunctionName",
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}",
        &[("Arn", Arn), ("SnapStartResponse.ApplyOn", Other), ("SnapStartResponse.OptimizationStatus", Other)],
    ),
    of("AWS::Lambda::LayerVersion", Arn, "", "", &[("LayerVersionArn", Arn)]),
    of(
        "AWS::Lambda::Version",
        Arn,
        "",
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${@FunctionName}:${#version}",
        &[("FunctionArn", Arn), ("Version", Other)],
    ),
    of(
        "AWS::Logs::LogGroup",
        Name,
        "LogGroupName",
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Name}:*",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::MediaConvert::JobTemplate",
        Name,
        "Name",
        "arn:${AWS::Partition}:mediaconvert:${AWS::Region}:${AWS::AccountId}:jobTemplates/${Name}",
        &[("Arn", Arn), ("Name", Name)],
    ),
    of(
        "AWS::MediaConvert::Preset",
        Name,
        "Name",
        "arn:${AWS::Partition}:mediaconvert:${AWS::Region}:${AWS::AccountId}:presets/${Name}",
        &[("Arn", Arn), ("Name", Name)],
    ),
    of(
        "AWS::MediaConvert::Queue",
        Name,
        "Name",
        "arn:${AWS::Partition}:mediaconvert:${AWS::Region}:${AWS::AccountId}:queues/${Name}",
        &[("Arn", Arn), ("Name", Name)],
    ),
    of(
        "AWS::Pipes::Pipe",
        Name,
        "Name",
        "arn:${AWS::Partition}:pipes:${AWS::Region}:${AWS::AccountId}:pipe/${Name}",
        &[("Arn", Arn), ("CurrentState", Other)],
    ),
    of(
        "AWS::RDS::DBCluster",
        Name,
        "DBClusterIdentifier",
        "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:${Name}",
        &[
            ("DBClusterArn", Arn),
            ("DBClusterResourceId", Other),
            ("Endpoint.Address", Other),
            ("Endpoint.Port", Other),
            ("MasterUserSecret.SecretArn", OtherArn),
            ("ReadEndpoint.Address", Other),
        ],
    ),
    of(
        "AWS::RDS::DBInstance",
        Name,
        "DBInstanceIdentifier",
        "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:db:${Name}",
        &[
            ("DBInstanceArn", Arn),
            ("DbiResourceId", Other),
            ("Endpoint.Address", Other),
            ("Endpoint.Port", Other),
            ("MasterUserSecret.SecretArn", OtherArn),
        ],
    ),
    of(
        "AWS::Rekognition::Collection",
        Name,
        "CollectionId",
        "arn:${AWS::Partition}:rekognition:${AWS::Region}:${AWS::AccountId}:collection/${Name}",
        &[("Arn", Arn)],
    ),
    of(
        "AWS::S3::Bucket",
        Name,
        "BucketName",
        "arn:${AWS::Partition}:s3:::${Name}",
        &[
            ("Arn", Arn),
            ("DomainName", Other),
            ("DualStackDomainName", Other),
            ("RegionalDomainName", Other),
            ("WebsiteURL", Url),
        ],
    ),
    of(
        "AWS::SNS::Topic",
        Arn,
        "TopicName",
        "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Name}",
        &[("TopicArn", Arn), ("TopicName", Name)],
    ),
    of(
        "AWS::SQS::Queue",
        Url,
        "QueueName",
        "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Name}",
        &[("Arn", Arn), ("QueueName", Name), ("QueueUrl", Url)],
    ),
    of(
        "AWS::SSM::Document",
        Name,
        "Name",
        "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:document/${Name}",
        &[],
    ),
    of(
        "AWS::SSM::Parameter",
        Name,
        "Name",
        "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${/Name}",
        &[("Arn", Arn), ("Type", Other), ("Value", Other)],
    ),
    of(
        "AWS::SageMaker::Endpoint",
        Arn,
        "EndpointName",
        "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:endpoint/${Name}",
        &[("EndpointArn", Arn), ("EndpointName", Name)],
    ),
    of(
        "AWS::SageMaker::EndpointConfig",
        Arn,
        "EndpointConfigName",
        "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:endpoint-config/${Name}",
        &[("EndpointConfigName", Name)],
    ),
    of(
        "AWS::SageMaker::Model",
        Arn,
        "ModelName",
        "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:model/${Name}",
        &[("ModelArn", Arn), ("ModelName", Name)],
    ),
    of(
        "AWS::SageMaker::Pipeline",
        Name,
        "PipelineName",
        "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:pipeline/${Name}",
        &[],
    ),
    of(
        "AWS::Scheduler::ScheduleGroup",
        Name,
        "Name",
        "arn:${AWS::Partition}:scheduler:${AWS::Region}:${AWS::AccountId}:schedule-group/${Name}",
        &[("Arn", Arn), ("CreationDate", Other), ("State", Other)],
    ),
    of(
        "AWS::SecretsManager::Secret",
        Arn,
        "Name",
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${Name}-??????",
        &[("Id", Arn)],
    ),
    of("AWS::Serverless::Api", Id, "", "", &[("RootResourceId", Other)]),
    of(
        "AWS::Serverless::Function",
        Name,
        "FunctionName",
        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Name}",
        &[("Arn", Arn)],
    ),
    of("AWS::Serverless::HttpApi", Id, "", "", &[("ApiEndpoint", Url)]),
    of(
        "AWS::Serverless::SimpleTable",
        Name,
        "TableName",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Name}",
        &[("Arn", Arn), ("StreamArn", OtherArn)],
    ),
    of(
        "AWS::Serverless::StateMachine",
        Arn,
        "Name",
        "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${Name}",
        &[("Arn", Arn), ("Name", Name), ("StateMachineRevisionId", Other)],
    ),
    of(
        "AWS::StepFunctions::Activity",
        Arn,
        "Name",
        "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:activity:${Name}",
        &[("Arn", Arn), ("Name", Name)],
    ),
    of(
        "AWS::StepFunctions::StateMachine",
        Arn,
        "StateMachineName",
        "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${Name}",
        &[("Arn", Arn), ("Name", Name), ("StateMachineRevisionId", Other)],
    ),
    of("AWS::StepFunctions::StateMachineAlias", Arn, "Name", "", &[("Arn", Arn)]),
    of("AWS::StepFunctions::StateMachineVersion", Arn, "", "", &[("Arn", Arn)]),
    of(
        "AWS::Timestream::Database",
        Name,
        "DatabaseName",
        "arn:${AWS::Partition}:timestream:${AWS::Region}:${AWS::AccountId}:database/${Name}",
        &[("Arn", Arn)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_stands_once_and_in_order() {
        assert!(TYPES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn who_gives_an_arn_tells_its_form_or_is_opaque_by_intent() {
        for known in TYPES {
            let braces = (known.arn.matches("${").count(), known.arn.matches('}').count());
            assert_eq!(braces.0, braces.1, "{}", known.name);
            assert!(known.arn.is_empty() || known.arn.starts_with("arn:${AWS::Partition}:"), "{}", known.name);
        }
        let queue = ResourceType::find("AWS::SQS::Queue").map(|queue| (queue.reference, queue.attribute_with(Arn)));
        assert_eq!(queue, Some((Url, Some("Arn"))));
    }
}
