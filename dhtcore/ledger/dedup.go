package ledger

import "time"

// dedupTable remembers which source requested which hash within RepeatWithin. It is a table of fixed size, whose
// buckets, two cache lines each, hold fingerprints of (hash, source) pairs with the time of the request that
// counted, the newest first. A new pair drops the oldest of its bucket, so a full minute is remembered up to some
// 4,000 requests/s, and beyond that the last quarter of a million requests that counted.
type dedupTable []bucket

type bucket [16]fingerprint

// fingerprint is the upper 40 bits of the hash of a pair, never 0, above its time in ticks. The lower bits choose
// the bucket.
type fingerprint uint64

const (
	dedupBuckets = 1 << 15 // of 128 bytes: 4 MiB
	tickBits     = 24
	tickMask     = 1<<tickBits - 1 // the ticks wrap around every 25 days
	tick         = 128             // ms
	repeatTicks  = int32(RepeatWithin / time.Millisecond / tick)
)

// first reads a word of each cache line of the bucket of a pair.
func (r dedupTable) first(pair uint64) uint64 {
	b := &r[pair%dedupBuckets]
	return uint64(b[0]) + uint64(b[len(b)/2])
}

// seen reports whether the pair was there within RepeatWithin, and remembers it if not. Times may be out of order
// by as much.
func (r dedupTable) seen(pair uint64, at stamp) bool {
	b := &r[pair%dedupBuckets]
	now := fingerprint(at.ms()/tick) & tickMask
	mark := fingerprint(pair) &^ tickMask
	if mark == 0 {
		mark = tickMask + 1
	}
	i := 0
	for ; i < len(b)-1; i++ {
		if b[i]&^tickMask == mark {
			break
		}
	}
	if b[i]&^tickMask == mark {
		age := int32(now-b[i]) << (32 - tickBits) >> (32 - tickBits)
		if -repeatTicks < age && age < repeatTicks {
			return true
		}
	}
	copy(b[1:i+1], b[:i])
	b[0] = mark | now
	return false
}
