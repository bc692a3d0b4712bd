// Package watch is the watch list: what of the user's is looked up when, what is remembered of it, and when that is worth
// an alert.
//
// It is pure. A List sends nothing, reads no clock and has no lock: its caller (dhtcore) asks it for the Next entry that
// is due, looks that up, and hands the Observation back to Observe, which returns the alerts that fire and clear. The
// tests run it through virtual weeks.
//
// # The pace
//
// Each entry has an interval: what happens to it is noticed, confirmed and told within that. It halves when something
// changes and grows when nothing does, between MinInterval and MaxInterval. The intervals of all are stretched where their
// lookups would exceed the budget (see budget). With lookups of some 80 packets:
//
//	entries    packets/s    interval of what does not change
//	     40         0.3     4 hours
//	  1,000         7       4 hours
//	 10,000        10       1 day
//
// # The alerts
//
// rules in rules.go is the table of them. A rule judges each observation. Lookups miss what is there now and then, and
// estimates are noisy (see Error), so a rule fires when several observations in a row agree, and clears when several
// agree that the condition is gone by a margin. A first observation that something is wrong brings the next lookups
// forward, so that to be sure takes minutes and no interval. Lookups that nobody answered say nothing, and while the
// network is away, which is an alert of its own, nothing else is judged.
package watch
