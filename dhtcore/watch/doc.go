// Package watch is the watch list: what of the user's is looked up when, what is remembered of it, and when that is worth
// an alert.
//
// It is pure. A List sends nothing, reads no clock and has no lock: its caller (dhtcore) asks it for the Next entry that
// is due, looks that up, and hands the Observation back to Observe, which returns the alerts that fire and clear. The
// tests run it through virtual weeks.
//
// # The pace
//
// Each entry has an interval: what happens to it is noticed, confirmed and told within that. It holds three lookups, as one
// may miss what is new. It halves when something changes and grows when nothing does, between MinInterval and MaxInterval.
// The intervals of all are stretched where their lookups would exceed the budget (see budget). With lookups of 80 packets,
// where nothing changes:
//
//	entries    packets/s    interval
//	      1        0.01      6 hours
//	     40        0.5       6 hours
//	  1,000        8         10 hours
//	 10,000        8         4 days
//
// # The alerts
//
// rules in rules.go is the table of them. A rule judges each observation. Lookups miss what is there now and then, and
// estimates are noisy (see Error), so a rule fires when several observations in a row agree, and clears when several
// agree that the condition is gone by a margin. A first observation that something is wrong brings the next lookups
// forward, so that to be sure takes minutes and no interval. Lookups that nobody answered say nothing, and while the
// network is away, which is an alert of its own, nothing else is judged.
package watch
