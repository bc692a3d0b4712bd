// Package capture writes the packets of Snapshots as a capture that Wireshark opens, each with a comment that says
// why it was sent. The screen exports with it and 'dhtop replay' converts with it; addresses are masked as
// report.Options say. A Writer belongs to one goroutine.
package capture
