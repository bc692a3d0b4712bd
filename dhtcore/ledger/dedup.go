package ledger

import "time"

// dedupTable remembers which source requested which hash within RepeatWithin. It is a table of buckets, two cache lines
// each, which hold fingerprints of (hash, source) pairs with the time of the request that counted, the newest first. A
// new pair drops the oldest of its bucket. Where that is younger than RepeatWithin the table grows to its full size, so a full
// minute is remembered up to some 4,000 requests/s, and beyond that the last quarter of a million requests that counted.
type dedupTable []bucket

type bucket [16]fingerprint

// fingerprint is the upper 40 bits of the hash of a pair, never 0, above its time in ticks. The lowest of these 40 choose
// the bucket.
type fingerprint uint64

const (
	dedupFirst   = 1 << 12 // buckets of 128 bytes: 512 KiB, enough for some 400 requests/s
	dedupBuckets = 1 << 15 // 4 MiB
	tickBits     = 24
	tickMask     = 1<<tickBits - 1 // the ticks wrap around every 25 days
	tick         = 128             // ms
	repeatTicks  = int32(RepeatWithin / time.Millisecond / tick)
)

// markOf returns the fingerprint of a pair, without a time.
func markOf(pair uint64) fingerprint {
	if mark := fingerprint(pair) &^ tickMask; mark != 0 {
		return mark
	}
	return tickMask + 1
}

// bucket returns the bucket of a fingerprint.
func (r dedupTable) bucket(f fingerprint) *bucket { return &r[f>>tickBits%fingerprint(len(r))] }

// first reads a word of each cache line of the bucket of a pair.
func (r dedupTable) first(pair uint64) uint64 {
	b := r.bucket(markOf(pair))
	return uint64(b[0]) + uint64(b[len(b)/2])
}

// seen reports whether the pair was there within RepeatWithin, and remembers it if not. Times may be out of order
// by as much.
func (r *dedupTable) seen(pair uint64, at stamp) bool {
	mark, now := markOf(pair), fingerprint(at.ms()/tick)&tickMask
	b := r.bucket(mark)
	i := 0
	for ; i < len(b)-1; i++ {
		if b[i]&^tickMask == mark {
			break
		}
	}
	switch last := b[i]; {
	case last == 0:
	case last&^tickMask == mark:
		if last.recent(now) {
			return true
		}
	case len(*r) < dedupBuckets && last.recent(now):
		r.grow()
		return r.seen(pair, at)
	}
	copy(b[1:i+1], b[:i])
	b[0] = mark | now
	return false
}

// recent reports whether the request of a fingerprint was within RepeatWithin of now.
func (f fingerprint) recent(now fingerprint) bool {
	age := int32(now-f) << (32 - tickBits) >> (32 - tickBits)
	return -repeatTicks < age && age < repeatTicks
}

// grow gives the table its full size.
func (r *dedupTable) grow() {
	grown := make(dedupTable, dedupBuckets)
	var used [dedupBuckets]uint8
	for i := range *r {
		for _, f := range (*r)[i] {
			if f != 0 {
				at := f >> tickBits % dedupBuckets
				grown[at][used[at]] = f
				used[at]++
			}
		}
	}
	*r = grown
}
