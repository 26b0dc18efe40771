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
  2  an input cannot be used, or the command line is wrong";

/// Checks, formats, draws and explains AWS Step Functions workflows.
///
/// A FILE is a definition in the Amazon States Language (JSON or YAML), a template with state machines in it
/// (CloudFormation, SAM, Serverless Framework, Terraform), a directory, a glob in quotation marks, or `-` for the standard input.
#[derive(Debug, Parser)]
#[command(name = "sfn-tasks", version, propagate_version = true, after_help = EXIT_STATUS, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// The configuration; `sfn-tasks.toml` in the working directory or above it if left out
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Read no configuration
    #[arg(long, global = true)]
    pub(crate) no_config: bool,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
    /// The folder below which templates may name files; by default each template's own
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) root: Option<PathBuf>,
    /// Read files to which symbolic links lead, wherever they are
    #[arg(long, global = true)]
    pub(crate) follow_links: bool,
    /// Search directories for hidden files too, and for those that `.gitignore` names
    #[arg(long, global = true)]
    pub(crate) no_ignore: bool,
    /// A spec of services of your own, as `CONTRIBUTING.md` describes it; may be given several times
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) spec: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find what is wrong with definitions
    Check(Check),
    /// Derive the IAM policy that a state machine's role needs
    Policy(Policy),
    /// Bring definitions into their canonical form, or from JSON to YAML and back
    Fmt(Fmt),
    /// Draw a definition
    Graph(Graph),
    /// List what Step Functions can call: patterns, parameters and permissions
    Catalog(Catalog),
    /// Compare two definitions
    Diff(Diff),
    /// Write the template that deploys a state machine
    Export(Export),
    /// Turn a definition into Rust of this library
    Rust(Rust),
    /// Run a definition offline, with mocks for its tasks
    Run(Run),
    /// Run the cases that are next to definitions
    Test(Test),
    /// Print a JSON Schema, by which editors complete and explain definitions
    Schema(Schema),
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// See `docs/checks.md` for all findings.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Definitions, templates, directories or globs; `-` is the standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// The form of the results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) levels: Levels,
    /// Do not fail if there is nothing to check, and pass over files that are not definitions
    #[arg(long)]
    pub(crate) allow_empty: bool,
    /// Check for Express workflows, whatever a template says
    #[arg(long)]
    pub(crate) express: bool,
    /// A sample of the input of an execution, as JSON: paths are followed from there
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
}

/// What becomes of findings. A code that is named itself wins over a group.
#[derive(Debug, Args)]
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
    /// Do not heed `sfn-tasks: allow(CODE)` in the comments of definitions
    #[arg(long)]
    pub(crate) ignore_comments: bool,
}

impl Levels {
    /// Whether warnings fail.
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
    /// For people: the line, what is wrong in it, and what to write instead
    Text,
    /// An array of findings
    Json,
    /// SARIF 2.1.0, which code hosts and editors show
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// The policy allows what the definition needs, and nothing else. What only the deployment knows is a placeholder. States
/// of which no one knows what they need are reported on the standard error.
#[derive(Debug, Clone, Args)]
pub(crate) struct Policy {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The state machine, by its logical ID, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// The partition: `aws`, `aws-cn`, …
    #[arg(long)]
    pub(crate) partition: Option<String>,
    /// The region
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// The number of the account
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
    /// The key with which the state machine is encrypted
    #[arg(long, value_name = "KEY")]
    pub(crate) encryption_key: Option<String>,
    /// Allow every version and alias of each function, so that executions that began with an older one keep their right
    #[arg(long)]
    pub(crate) all_qualifiers: bool,
    /// What a state needs in addition to what is known: `--grant 'Call Partner' execute-api:Invoke '*'`
    #[arg(long, num_args = 3, value_names = ["STATE", "ACTION", "RESOURCE"])]
    pub(crate) grant: Vec<String>,
    /// What a reference stands for: `arn`, `name`, `function-arn` or `activity-arn`
    #[arg(long, value_name = "NAME=KIND", value_parser = reference)]
    pub(crate) reference: Vec<(String, ReferenceKind)>,
    /// The form of the policy
    #[arg(long, value_name = "FORMAT", default_value = "iam")]
    pub(crate) format: PolicyFormat,
    /// Show why each statement is there
    #[arg(long)]
    pub(crate) explain: bool,
    /// Report what an existing policy lacks or has too much
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

/// What a reference stands for.
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
    /// IAM's JSON, with placeholders such as `${Region}`
    Iam,
    /// JSON for a CloudFormation or SAM template, with `Fn::Sub`
    Cloudformation,
}

/// Fields are put into the order in which people write them, one a line, indented by two spaces. Nothing else changes.
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
    /// The language to write; each file's own if left out
    #[arg(long, value_name = "LANGUAGE")]
    pub(crate) to: Option<Language>,
    /// Format YAML with comments too, which are lost
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
    /// The form of the picture
    #[arg(long, value_name = "FORMAT", default_value = "mermaid")]
    pub(crate) format: GraphFormat,
    /// The colours of an SVG
    #[arg(long, value_name = "THEME", default_value = "auto")]
    pub(crate) theme: GraphTheme,
    /// Draw the way of an execution: what `aws stepfunctions get-execution-history` or `sfn-tasks run --history` printed
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// The state machine to draw, by its logical ID, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum GraphTheme {
    /// What the viewer prefers
    Auto,
    /// Dark on light
    Light,
    /// Light on dark
    Dark,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A flowchart in Mermaid, which many code hosts show in Markdown
    Mermaid,
    /// Graphviz's language
    Dot,
    /// A picture that needs neither a browser nor Graphviz
    Svg,
}

/// The template holds the state machine, its role with exactly the policy that the definition needs, and what goes with
/// them. References of the definition without a binding become parameters.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// What to write
    #[arg(long, value_name = "TARGET", default_value = "cloudformation")]
    pub(crate) to: ExportTarget,
    /// The language of a CloudFormation or SAM template
    #[arg(long, value_name = "LANGUAGE", default_value = "yaml")]
    pub(crate) format: Language,
    /// The folder to write to; the standard output if left out
    #[arg(long, value_name = "FOLDER")]
    pub(crate) output: Option<PathBuf>,
    /// The state machine, by its logical ID, if the template has several
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
    /// What a reference stands for: `--bind 'OrdersTable=!Ref Orders'`, `!GetAtt Ask.Arn`, `!Sub …`, `!ImportValue …`,
    /// `!Expression aws_sqs_queue.q.url` (Terraform, CDK), `!Parameter`, `!Activity NAME`, `!EvaluatingFunction`, `!Text`
    /// (no reference), or a value
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) bind: Vec<String>,
    /// What becomes of references without a binding
    #[arg(long, value_name = "WHAT", default_value = "parameter")]
    pub(crate) unbound: OnUnbound,
    /// Write logs to a log group of its own
    #[arg(long, value_name = "LEVEL")]
    pub(crate) logging: Option<LoggingLevel>,
    /// Log the data of executions too
    #[arg(long, requires = "logging")]
    pub(crate) log_execution_data: bool,
    /// Keep logs for that many days
    #[arg(long, value_name = "DAYS", requires = "logging")]
    pub(crate) log_retention: Option<u16>,
    /// Send traces to X-Ray
    #[arg(long)]
    pub(crate) tracing: bool,
    /// Encrypt the state machine with this key
    #[arg(long, value_name = "KEY")]
    pub(crate) encryption_key: Option<String>,
    /// Publish versions and move an alias to each: `live`, `live:CANARY:10:5`, `live:LINEAR:20:10`
    #[arg(long, value_name = "ALIAS")]
    pub(crate) alias: Option<String>,
    /// A tag
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) tag: Vec<String>,
    /// Keep the state machine when its stack is deleted
    #[arg(long)]
    pub(crate) retain: bool,
    /// Write only what is to be merged into an existing template
    #[arg(long)]
    pub(crate) fragment: bool,
    /// What a state needs in addition to what is known: `--grant 'Call Partner' execute-api:Invoke '*'`
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
    /// They become parameters
    Parameter,
    /// They are errors
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

/// The function makes a machine with the same definition: by typed builders where the integration is known, by
/// `Task::raw` where it is not. What has no form in the builders is reported on the standard error.
#[derive(Debug, Args)]
pub(crate) struct Rust {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The name of the function; that of the file if left out
    #[arg(long)]
    pub(crate) function: Option<String>,
    /// The state machine, by its logical ID, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
}

/// Time is virtual: a year's wait takes no time. Nothing is sent to AWS. See `docs/run.md`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The definition, or a template; `-` is the standard input
    pub(crate) file: PathBuf,
    /// The input: JSON, or a file of JSON or YAML; an empty object if left out
    #[arg(long, value_name = "JSON|FILE")]
    pub(crate) input: Option<String>,
    /// What the tasks answer: a file by state or API, or a mock file of Step Functions Local
    #[arg(long, value_name = "FILE")]
    pub(crate) mocks: Option<PathBuf>,
    /// The test case in a mock file of Step Functions Local
    #[arg(long, value_name = "NAME", requires = "mocks")]
    pub(crate) case: Option<String>,
    /// The folder of the objects that a Map reads from S3 and writes to it: FOLDER/BUCKET/KEY
    #[arg(long, value_name = "FOLDER")]
    pub(crate) objects: Option<PathBuf>,
    /// A state machine that tasks start, by its name or ARN; may be given several times
    #[arg(long, value_name = "NAME=FILE")]
    pub(crate) with: Vec<String>,
    /// The value of a reference `${NAME}` in the definition; may be given several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = substitution)]
    pub(crate) substitute: Vec<(String, String)>,
    /// The state machine, by its logical ID, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// Run it as an Express workflow, whatever a template says
    #[arg(long)]
    pub(crate) express: bool,
    /// When the execution starts
    #[arg(long, value_name = "TIME")]
    pub(crate) start: Option<String>,
    /// What random numbers come from
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Take any result from a mock, also one that the API cannot answer
    #[arg(long)]
    pub(crate) any_result: bool,
    /// Show the data of each state after each of its fields
    #[arg(long)]
    pub(crate) step: bool,
    /// Print everything as JSON
    #[arg(long, conflicts_with_all = ["step", "history"])]
    pub(crate) json: bool,
    /// Print the event history, in the form of `GetExecutionHistory`
    #[arg(long, conflicts_with = "step")]
    pub(crate) history: bool,
    /// Print the way over the definition as a picture: what was taken, how often, and what failed
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "mermaid")]
    #[arg(conflicts_with_all = ["step", "history", "json"])]
    pub(crate) graph: Option<GraphFormat>,
    /// Redrive the execution while it fails, at most that often
    #[arg(long, value_name = "TIMES", default_value_t = 0, hide_default_value = true)]
    pub(crate) redrive: u32,
    /// Write the run as a first test case into a new file
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// The name of the recorded case
    #[arg(long, requires = "record")]
    pub(crate) name: Option<String>,
}

/// A file of cases is called like its definition: order.test.yaml next to order.asl.json. See `docs/run.md`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Files of cases, definitions next to which they stand, or folders
    #[arg(default_value = ".", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Only cases with that text in their names
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// Write the results as JUnit
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Report which states, transitions, catchers and retriers were used
    #[arg(long, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "text")]
    pub(crate) coverage: Option<CoverageFormat>,
    /// Draw what was taken into that folder, an SVG for each file of cases
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pictures: Option<PathBuf>,
    /// Fail if less than that many percent of a definition were taken
    #[arg(long, value_name = "PERCENT")]
    pub(crate) min_coverage: Option<f64>,
    /// The state machine, by its logical ID, if the template has several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CoverageFormat {
    /// Counts, and what is missing
    Text,
    /// Every part with how many runs took it
    Json,
}

/// The schema knows all states and the parameters of the optimized integrations.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// The parameters of this service's AWS SDK integrations too: `--sdk s3`
    #[arg(long, value_name = "SERVICE")]
    pub(crate) sdk: Vec<String>,
    /// The schema of spec files (`--spec`), in place of that of definitions
    #[arg(long, conflicts_with = "sdk")]
    pub(crate) of_specs: bool,
    /// The schema of files of test cases (`sfn-tasks test`), in place of that of definitions
    #[arg(long, conflicts_with_all = ["sdk", "of_specs"])]
    pub(crate) of_tests: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Catalog {
    /// A service, or an API of it: `sqs`, `sqs:sendMessage`; everything if left out
    #[arg(value_name = "SERVICE[:ACTION]")]
    pub(crate) wanted: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The definition as it was
    pub(crate) old: PathBuf,
    /// The definition as it is now
    pub(crate) new: PathBuf,
    /// The state machine to compare, by its logical ID, if the templates have several
    #[arg(long, value_name = "LOGICAL_ID")]
    pub(crate) machine: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}
