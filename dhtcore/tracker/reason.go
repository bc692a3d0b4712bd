package tracker

import "sync/atomic"

// Reason is why a request was refused.
type Reason uint8

// The reasons.
const (
	Malformed       Reason = iota // no request, or one of a wrong form
	UnknownPath                   // of HTTP
	Missing                       // a parameter
	Invalid                       // a parameter, or one that was given twice
	WrongForm                     // of the peer list; see Require
	NotServed                     // the torrent; see Policy
	BadConnectionID               // BEP 15
	Reasons                       // how many there are
)

var reasons = [Reasons]string{"malformed", "unknown path", "missing parameter", "invalid parameter", "not compact", "torrent not served",
	"bad connection ID"}

// String returns the reason in a word or two.
func (r Reason) String() string { return reasons[r%Reasons] }

// refusals count the requests that were refused, by reason.
type refusals [Reasons]atomic.Uint64

// counts returns the counts, and their sum.
func (r *refusals) counts() (by [Reasons]uint64, sum uint64) {
	for i := range r {
		by[i] = r[i].Load()
		sum += by[i]
	}
	return by, sum
}
