//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use sfn_tasks::iam::ReferenceKind;

use crate::output::Color;

const EXIT_STATUS: &str = "\
Exit status:
  0  no problems found
  1  there are findings
  2  an input cannot be used, or the command line or the configuration is invalid";

/// Checks, formats, draws and explains AWS Step Functions workflows.
///
/// A FILE is a definition in the Amazon States Language (JSON or YAML), a template that contains state machines
/// (CloudFormation, SAM, Serverless Framework, Terraform), a directory, a glob in quotation marks, or `-` for the standard input.
#[derive(Debug, Parser)]
#[command(name = "sfn-tasks", version, propagate_version = true, after_help = EXIT_STATUS, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The configuration file [default: `sfn-tasks.toml` in the working directory or a parent folder]
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Do not read a configuration file
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// The folder below which templates may name files [default: the folder of each template]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Read the files that symbolic links point to, wherever they are
    #[arg(long, global = true)]
    pub(crate) follow_links: bool,
    /// In directories, also read hidden files and files that `.gitignore` excludes
    #[arg(long, global = true)]
    pub(crate) no_ignore: bool,
    /// A spec file of your own integrations (see `CONTRIBUTING.md`); can be repeated
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) spec: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Report mistakes in definitions
    Check(Check),
    /// Derive the IAM policy that a state machine's role needs
    Policy(Policy),
    /// Format definitions, or convert them between JSON and YAML
    Fmt(Fmt),
    /// Draw a definition
    Graph(Graph),
    /// List what Step Functions can call: patterns, parameters and permissions
    Catalog(Catalog),
    /// Compare two definitions
    Diff(Diff),
    /// Write the template that deploys a state machine
    Export(Export),
    /// Translate a definition into Rust code that uses this library
    Rust(Rust),
    /// Run a definition offline, with mocks for its tasks
    Run(Run),
    /// Run the test files of definitions
    Test(Test),
    /// Print a JSON Schema, so that editors can complete and explain definitions
    Schema(Schema),
    /// Print the completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// `docs/checks.md` describes every finding.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Definitions, templates, directories or globs; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) levels: Levels,
    /// Do not fail if there is nothing to check, and skip files that are not definitions
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Check as Express workflows, even if the template has another type
    #[arg(long)]
    pub(crate) express: bool,
    /// An example of the execution input, as JSON; paths into the input are checked against it
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
}

/// The levels of findings. A code has priority over a group.
#[derive(Debug, Default, Args)]
pub(crate) struct Levels {
    /// Do not report the findings of this code
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) allow: Vec<String>,
    /// Report the findings of this code as warnings
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) warn: Vec<String>,
    /// Report the findings of this code, or all `warnings`, as errors
    #[arg(long, value_name = "CODE", value_parser = code)]
    pub(crate) deny: Vec<String>,
    /// Ignore `sfn-tasks: allow(CODE)` in the comments of definitions
    #[arg(long)]
    pub(crate) ignore_comments: bool,
}

impl Levels {
    /// Whether a warning makes the command fail.
    pub(crate) fn denies_warnings(&self) -> bool {
        self.deny.iter().any(|code| code == "warnings" || code == "all")
    }
}

fn code(text: &str) -> Result<String, String> {
    match crate::configuration::is_code(text) {
        true => Ok(text.to_owned()),
        false => Err(crate::configuration::no_such_code(text)),
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Text for people: the line, what is wrong, and what to write instead
    Text,
    /// An array of findings
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// The policy allows what the definition needs, and nothing else. A value that is known only at deployment is a
/// placeholder. A state with unknown permissions is reported on the standard error.
#[derive(Debug, Clone, Args)]
pub(crate) struct Policy {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The logical ID of the state machine, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// The AWS partition: `aws`, `aws-cn`, …
    #[arg(long)]
    pub(crate) partition: Option<String>,
    /// The AWS Region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The AWS account ID
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The name of the state machine
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The state machine sends logs to CloudWatch Logs
    #[arg(long)]
    pub(crate) logging: bool,
    /// The state machine sends traces to X-Ray
    #[arg(long)]
    pub(crate) tracing: bool,
    /// The KMS key that encrypts the state machine
    #[arg(long, value_name = "KEY")]
    pub(crate) encryption_key: Option<String>,
    /// Allow every version and alias of each function, so that running executions can still call an older one
    #[arg(long)]
    pub(crate) all_qualifiers: bool,
    /// Add permissions to those that are derived for a state: `--grant 'Call Partner' execute-api:Invoke '*'`
    #[arg(long, num_args = 3, value_names = ["STATE", "ACTION", "RESOURCE"])]
    pub(crate) grant: Vec<String>,
    /// The kind of a reference: `arn`, `name`, `function-arn` or `activity-arn`
    #[arg(long, value_name = "NAME=KIND", value_parser = reference)]
    pub(crate) reference: Vec<(String, ReferenceKind)>,
    /// The format of the policy
    #[arg(long, value_name = "FORMAT", default_value = "iam")]
    pub(crate) format: PolicyFormat,
    /// Show why each statement is there
    #[arg(long)]
    pub(crate) explain: bool,
    /// Report permissions that an existing policy lacks, and excess permissions
    #[arg(long, value_name = "POLICY", conflicts_with_all = ["explain", "format"])]
    pub(crate) audit: Option<PathBuf>,
    /// Print the explanation or the audit as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn reference(text: &str) -> Result<(String, ReferenceKind), String> {
    let (name, kind) = text.split_once('=').ok_or("write NAME=KIND")?;
    Ok((reference_name(name), reference_kind(kind)?))
}

fn substitution(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
    Ok((reference_name(name), value.to_owned()))
}

/// `Name`, also for `${Name}`.
fn reference_name(text: &str) -> String {
    text.trim_start_matches("${").trim_end_matches('}').to_owned()
}

/// The kind of a reference.
pub(crate) fn reference_kind(kind: &str) -> Result<ReferenceKind, String> {
    Ok(match kind {
        "arn" => ReferenceKind::Arn,
        "name" => ReferenceKind::Name,
        "function-arn" => ReferenceKind::FunctionArn,
        "activity-arn" => ReferenceKind::ActivityArn,
        _ => return Err("the kind is `arn`, `name`, `function-arn` or `activity-arn`".to_owned()),
    })
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum PolicyFormat {
    /// IAM policy JSON, with placeholders such as `${Region}`
    Iam,
    /// JSON for a CloudFormation or SAM template, with `Fn::Sub`
    Cloudformation,
}

/// Puts the fields into a fixed order, one in each line, indented by two spaces. Nothing else changes.
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// Definitions, directories or globs; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// List the files that are not in canonical form, and change nothing
    #[arg(long, conflicts_with_all = ["write", "to"])]
    pub(crate) check: bool,
    /// Change the files; with `--to`, write a new file next to each
    #[arg(long)]
    pub(crate) write: bool,
    /// The format to write [default: the format of the file]
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) to: Option<Language>,
    /// Also format YAML files with comments; the comments are lost
    #[arg(long)]
    pub(crate) drop_comments: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// JSON
    Json,
    /// YAML
    Yaml,
}

#[derive(Debug, Args)]
pub(crate) struct Graph {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The format of the picture
    #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
    pub(crate) format: GraphFormat,
    /// The colours of an SVG
    #[arg(long, value_name = "THEME", default_value = "auto")]
    pub(crate) theme: GraphTheme,
    /// Draw the path of an execution, from the output of `aws stepfunctions get-execution-history` or `sfn-tasks run --history`
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// The logical ID of the state machine to draw, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum GraphTheme {
    /// The theme of the viewer
    Auto,
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A Mermaid flowchart, which GitHub and others show in Markdown
    Mermaid,
    /// The language of Graphviz
    Dot,
    /// A picture, drawn without a browser or Graphviz
    Svg,
}

/// The template contains the state machine, its role with exactly the policy that the definition needs, and optional
/// resources such as a log group. A reference without a binding becomes a parameter.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The kind of template
    #[arg(long, value_name = "TARGET", default_value = "cloudformation")]
    pub(crate) to: ExportTarget,
    /// The format of a CloudFormation or SAM template
    #[arg(long, value_name = "LANGUAGE", default_value = "yaml")]
    pub(crate) format: Language,
    /// The folder to write to [default: the standard output]
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// The logical ID of the state machine, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// The logical ID of the state machine in the new template
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) logical_id: Option<String>,
    /// The name of the state machine
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The description of the template
    #[arg(long)]
    pub(crate) description: Option<String>,
    /// Deploy an Express workflow
    #[arg(long)]
    pub(crate) express: bool,
    /// The value of a reference: `--bind 'OrdersTable=!Ref Orders'`, `!GetAtt Ask.Arn`, `!Sub …`, `!ImportValue …`,
    /// `!Expression aws_sqs_queue.q.url` (Terraform, CDK), `!Parameter`, `!Activity NAME`, `!EvaluatingFunction`, `!Text`
    /// (plain text, not a reference), or a value
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) bind: Vec<String>,
    /// How to treat references without a binding
    #[arg(long, value_name = "WHAT", default_value = "parameter")]
    pub(crate) unbound: OnUnbound,
    /// Create a log group, and log the events of this level
    #[arg(long, value_name = "LEVEL")]
    pub(crate) logging: Option<LoggingLevel>,
    /// Also log execution data: inputs and outputs
    #[arg(long, requires = "logging")]
    pub(crate) log_execution_data: bool,
    /// How many days to keep logs
    #[arg(long, value_name = "DAYS", requires = "logging")]
    pub(crate) log_retention: Option<u16>,
    /// Send traces to X-Ray
    #[arg(long)]
    pub(crate) tracing: bool,
    /// Encrypt the state machine with this key
    #[arg(long, value_name = "KEY")]
    pub(crate) encryption_key: Option<String>,
    /// Publish versions, and move this alias to each new one: `live`, `live:CANARY:10:5`, `live:LINEAR:20:10`
    #[arg(long, value_name = "ALIAS")]
    pub(crate) alias: Option<String>,
    /// A tag; can be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) tag: Vec<String>,
    /// Keep the state machine when its stack is deleted
    #[arg(long)]
    pub(crate) retain: bool,
    /// Write only the parts to merge into an existing template
    #[arg(long)]
    pub(crate) fragment: bool,
    /// Add permissions to those that are derived for a state: `--grant 'Call Partner' execute-api:Invoke '*'`
    #[arg(long, num_args = 3, value_names = ["STATE", "ACTION", "RESOURCE"])]
    pub(crate) grant: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportTarget {
    /// A CloudFormation template
    Cloudformation,
    /// A SAM template
    Sam,
    /// A Terraform configuration
    Terraform,
    /// A construct of the AWS CDK in TypeScript
    Cdk,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OnUnbound {
    /// Make each a parameter
    Parameter,
    /// Report an error
    Error,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum LoggingLevel {
    /// All events
    All,
    /// Errors
    Error,
    /// Errors that end an execution
    Fatal,
}

/// The output is a function that returns a state machine with the same definition. A known integration becomes a typed
/// builder, any other becomes `Task::raw`. Parts that the builders cannot express are reported on the standard error.
#[derive(Debug, Args)]
pub(crate) struct Rust {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The name of the function [default: the name of the state machine or of the file]
    #[arg(long)]
    pub(crate) function: Option<String>,
    /// The logical ID of the state machine, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
}

/// Time is virtual: a wait of a year takes no time. Nothing is sent to AWS. See `docs/run.md`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The execution input: JSON, or a JSON or YAML file [default: an empty object]
    #[arg(long, value_name = "JSON|FILE")]
    pub(crate) input: Option<String>,
    /// The results of the tasks: a file with mocks for states or APIs, or a mock file of Step Functions Local
    #[arg(long, value_name = "FILE")]
    pub(crate) mocks: Option<PathBuf>,
    /// The test case in a mock file of Step Functions Local
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub(crate) case: Option<String>,
    /// The folder of the S3 objects that a Map state reads and writes: FOLDER/BUCKET/KEY
    #[arg(long, value_name = "FOLDER")]
    pub(crate) objects: Option<PathBuf>,
    /// A state machine that tasks start, by its name or ARN; can be repeated
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) with: Vec<String>,
    /// The value of a reference `${NAME}` in the definition; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = substitution)]
    pub(crate) substitute: Vec<(String, String)>,
    /// The logical ID of the state machine, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// Run as an Express workflow, even if the template has another type
    #[arg(long)]
    pub(crate) express: bool,
    /// The start time of the execution: `2025-01-31T12:00:00Z`
    #[arg(long, value_name = "TIME")]
    pub(crate) start: Option<String>,
    /// The seed of random numbers
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Accept any mock result, also one that the API cannot return
    #[arg(long)]
    pub(crate) any_result: bool,
    /// Show the data of each state after each of its fields
    #[arg(long)]
    pub(crate) step: bool,
    /// Print the whole run as JSON
    #[arg(long, conflicts_with_all = ["step", "history"])]
    pub(crate) json: bool,
    /// Print the event history, in the form of `GetExecutionHistory`
    #[arg(long, conflicts_with = "step")]
    pub(crate) history: bool,
    /// Print a picture of the path of the run: what was used, how often, and what failed
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "mermaid")]
    #[arg(conflicts_with_all = ["step", "history", "json"])]
    pub(crate) graph: Option<GraphFormat>,
    /// Redrive the execution while it fails, at most this many times
    #[arg(long, value_name = "TIMES", default_value_t = 0, hide_default_value = true)]
    pub(crate) redrive: u32,
    /// Write the run as the first test case of a new file
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// The name of the recorded case
    #[arg(long, requires = "record")]
    pub(crate) name: Option<String>,
}

/// A test file has the name of its definition: order.test.yaml next to order.asl.json. See `docs/run.md`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Test files, definitions with a test file next to them, or folders
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Run only cases whose names contain this text
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Write the results as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Report which states, transitions, catchers and retriers were used
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) coverage: Option<CoverageFormat>,
    /// Write an SVG for each test file to this folder, with the paths of its cases
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pictures: Option<PathBuf>,
    /// Fail if the coverage of a definition is less than this percentage
    #[arg(long, value_name = "PERCENT")]
    pub(crate) min_coverage: Option<f64>,
    /// The logical ID of the state machine, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageFormat {
    /// Counts, and the parts that were not used
    Text,
    /// Every part, with the number of runs that used it
    Json,
}

/// The schema contains all states, and the parameters of the optimized integrations.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Also include the parameters of this service's AWS SDK integrations: `--sdk s3`; can be repeated
    #[arg(long, value_name = "SERVICE")]
    pub(crate) sdk: Vec<String>,
    /// Print the schema of spec files (`--spec`) instead
    #[arg(long, conflicts_with = "sdk")]
    pub(crate) of_specs: bool,
    /// Print the schema of test files (`sfn-tasks test`) instead
    #[arg(long, conflicts_with_all = ["sdk", "of_specs"])]
    pub(crate) of_tests: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Catalog {
    /// A service or an API: `sqs`, `sqs:sendMessage` [default: all optimized integrations]
    #[arg(value_name = "SERVICE[:ACTION]")]
    pub(crate) wanted: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The old definition
    pub(crate) old: PathBuf,
    /// The new definition
    pub(crate) new: PathBuf,
    /// The logical ID of the state machine to compare, if the templates have several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
