// error: on Fargate there are no instances for a placement

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::ecs::{LaunchTarget, PlacementStrategy};

fn main() {
    let _ = LaunchTarget::fargate().placement_strategy(PlacementStrategy::spread_across_instances());
}
