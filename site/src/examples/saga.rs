//! # Saga: undo what was done
//!
//! Each step has a step that undoes it. If a step fails, the steps before it are undone, the last one first. Each of these steps is retried up to ten times.

use sfn_tasks::prelude::*;
use sfn_tasks::tasks::lambda;

/// The workflow.
pub fn machine() -> Result<StateMachine, Problems> {
    let call = |function: &str| lambda::Invoke::new().function_name(reference(function)).payload_response_only();
    let persistent = || Retry::all().interval(Duration::from_secs(5)).max_attempts(10);
    let error = || Catch::all().result_path("$.error");

    let cancel_flight = Task::new("Cancel flight", call("CancelFlightArn")).discard_result().retry(persistent());
    let cancel_hotel = Task::new("Cancel hotel", call("CancelHotelArn")).discard_result().retry(persistent());
    let undo = cancel_hotel.next(cancel_flight).next(Fail::new("Not booked").error("Trip.NotBooked"));

    let book_flight =
        Task::new("Book flight", call("BookFlightArn")).result_path("$.flight").catch(error(), goto("Not booked"));
    let book_hotel =
        Task::new("Book hotel", call("BookHotelArn")).result_path("$.hotel").catch(error(), goto("Cancel flight"));
    let pay = Task::new("Pay", call("PayArn")).result_path("$.payment").catch(error(), undo);

    StateMachine::new(book_flight.next(book_hotel).next(pay))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use sfn_tasks::run::{Mock, Runner};

    #[test]
    fn a_refused_payment_cancels_hotel_and_flight() -> Result<(), Box<dyn std::error::Error>> {
        let machine = super::machine()?;
        let run = Runner::new(machine.asl())
            .mock("Book flight", json!({ "id": "F1" }))
            .mock("Book hotel", json!({ "id": "H1" }))
            .mock("Pay", Mock::fails("CardDeclined", "no money"))
            .mock("Cancel hotel", json!({}))
            .mock("Cancel flight", json!({}))
            .run(json!({ "trip": 7 }))?;
        assert_eq!(run.way(), ["Book flight", "Book hotel", "Pay", "Cancel hotel", "Cancel flight", "Not booked"]);
        assert_eq!(run.error(), Some("Trip.NotBooked"));
        assert_eq!(run.calls("Cancel hotel")[0].parameters().get("trip"), Some(&7.into()));
        Ok(())
    }
}
