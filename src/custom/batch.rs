//! AWS Batch.

use crate::tasks::batch::KeyValuePair;

super::name_and_value!(KeyValuePair);
