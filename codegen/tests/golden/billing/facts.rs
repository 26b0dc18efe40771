// @generated from billing.json: edit that file, not this one.

//! What the catalog knows of Billing.

use ::sfn_tasks::catalog::*;

/// The facts of this service.
pub static SERVICE: Service = Service {
    name: "billing",
    title: "Billing",
    docs: "Our own billing service.",
    url: "https://billing.example/",
    actions: &[&CHARGE],
};

pub(super) static CHARGE: Action = Action {
    service: "billing",
    name: "charge",
    docs: "Charges a customer.",
    url: "https://billing.example/charge",
    patterns: &[
        PatternSupport {
            pattern: Pattern::RequestResponse,
            resource: "arn:${Partition}:states:::billing:charge",
            url: "https://billing.example/",
            token_in: &[],
            statements: &[
                Statement {
                    actions: &["billing:Charge"],
                    resources: &[
                        "arn:${Partition}:billing:${Region}:${Account}:customer/${CustomerId}",
                    ],
                    conditions: &[],
                    when: None,
                    unless: None,
                    reason: Reason::Call,
                    why: "The state charges the customer.",
                    url: "https://billing.example/",
                },
            ],
            result: &[],
        },
        PatternSupport {
            pattern: Pattern::WaitForTaskToken,
            resource: "arn:${Partition}:states:::billing:charge.waitForTaskToken",
            url: "https://billing.example/",
            token_in: &["Note", "Lines[].Text"],
            statements: &[
                Statement {
                    actions: &["billing:Charge"],
                    resources: &[
                        "arn:${Partition}:billing:${Region}:${Account}:customer/${CustomerId}",
                    ],
                    conditions: &[("StringEquals", "billing:Mode", "live")],
                    when: Some("CustomerId"),
                    unless: None,
                    reason: Reason::Call,
                    why: "The state charges the customer.",
                    url: "https://billing.example/",
                },
            ],
            result: &[],
        },
    ],
    parameters: &CHARGE_PARAMETERS,
    resource_member: None,
    body_member: None,
    retry: &[
        Retry {
            error_equals: &["Billing.Busy"],
            interval_seconds: 2,
            max_attempts: 3,
            backoff_rate: 2.0,
            why: "Billing is often busy.",
            url: "https://billing.example/busy",
        },
    ],
    errors: &[
        ErrorName {
            name: "Billing.Busy",
            docs: "Billing has too much to do.",
        },
    ],
};

pub(super) static CHARGE_PARAMETERS: Structure = Structure {
    name: "Charge",
    members: &[
        Member {
            name: "CustomerId",
            docs: "Who is charged.",
            required: true,
            shape: Shape::String(StringShape {
                min_length: Some(1),
                max_length: Some(36),
                pattern: Some("[a-z0-9-]+"),
            }),
            preset: None,
        },
        Member {
            name: "Lines",
            docs: "What is charged for.",
            required: true,
            shape: Shape::List(
                &ListShape {
                    items: Shape::Structure(&LINE),
                    min_items: Some(1),
                    max_items: Some(50),
                },
            ),
            preset: None,
        },
        Member {
            name: "Currency",
            docs: "The currency.",
            required: false,
            shape: Shape::Enum(&CURRENCY),
            preset: None,
        },
        Member {
            name: "Note",
            docs: "Anything.",
            required: false,
            shape: Shape::Json,
            preset: Some(Preset {
                value: PresetValue::Expression {
                    json_path: "$",
                    jsonata: "$states.input",
                },
                why: "The input is the usual note.",
                url: "https://billing.example/note",
            }),
        },
        Member {
            name: "Grace",
            docs: "How long the customer may take.",
            required: false,
            shape: Shape::Integer(NumberShape {
                minimum: Some(0.0),
                maximum: Some(90.0),
                unit: Some("days"),
            }),
            preset: None,
        },
        Member {
            name: "Labels",
            docs: "Labels.",
            required: false,
            shape: Shape::Map(
                &MapShape {
                    values: Shape::String(StringShape {
                        min_length: None,
                        max_length: None,
                        pattern: None,
                    }),
                    min_items: None,
                    max_items: None,
                },
            ),
            preset: None,
        },
        Member {
            name: "Type",
            docs: "The type.",
            required: false,
            shape: Shape::String(StringShape {
                min_length: None,
                max_length: None,
                pattern: None,
            }),
            preset: None,
        },
    ],
    union: false,
    rules: &[
        Rule {
            when: &[When::Equals("Currency", "\"USD\"")],
            demand: Demand::Excludes(&["Grace"]),
            message: "Dollars are due at once: leave out `Grace`.",
        },
    ],
};

pub(super) static CURRENCY: Enumeration = Enumeration {
    name: "Currency",
    values: &[("EUR", "Euro."), ("USD", "Dollar.")],
};

pub(super) static LINE: Structure = Structure {
    name: "Line",
    members: &[
        Member {
            name: "Text",
            docs: "What it is.",
            required: true,
            shape: Shape::String(StringShape {
                min_length: None,
                max_length: None,
                pattern: None,
            }),
            preset: None,
        },
        Member {
            name: "Amount",
            docs: "What it costs.",
            required: false,
            shape: Shape::Structure(&AMOUNT),
            preset: None,
        },
    ],
    union: false,
    rules: &[],
};

pub(super) static AMOUNT: Structure = Structure {
    name: "Amount",
    members: &[
        Member {
            name: "Cents",
            docs: "In cents.",
            required: false,
            shape: Shape::Integer(NumberShape {
                minimum: None,
                maximum: None,
                unit: None,
            }),
            preset: None,
        },
        Member {
            name: "Free",
            docs: "Nothing.",
            required: false,
            shape: Shape::Boolean,
            preset: None,
        },
    ],
    union: true,
    rules: &[],
};
