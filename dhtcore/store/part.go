package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/axiomhq/hyperloglog"

	"dhtop/dhtcore/ledger"
)

// Vantage is who counted: the random mark of one store's own counts, whoever they are copied to.
type Vantage [8]byte

// NewVantage returns a mark that nobody else has.
func NewVantage() (v Vantage) {
	rand.Read(v[:]) //nolint:errcheck // it never fails
	return v
}

// NamedVantage returns the mark of counts that carry none, by a name that a person gave them.
func NamedVantage(name string) (v Vantage) {
	sum := sha256.Sum256([]byte(name))
	copy(v[:], sum[:])
	return v
}

// ParseVantage reads what String returns.
func ParseVantage(s string) (v Vantage, err error) {
	if len(s) != 2*len(v) {
		return v, fmt.Errorf("vantage %.40q: want %d hexadecimal digits", s, 2*len(v))
	}
	if _, err := hex.Decode(v[:], []byte(s)); err != nil {
		return v, fmt.Errorf("vantage %q: %w", s, err)
	}
	return v, nil
}

// String returns 16 hexadecimal digits.
func (v Vantage) String() string { return hex.EncodeToString(v[:]) }

// Part is what one vantage counted of one hash, from its FirstSeen to its LastSeen.
type Part struct {
	Vantage Vantage
	ledger.HashRow
}

// Entry is one hash of the ranking: the totals of all vantages, and what each counted.
type Entry struct {
	ledger.HashRow
	Parts []Part
}

// total adds up the parts of one hash. Distinct counts are a union where the parts have sketches, else
// the greatest of them, which is a lower bound. The name is that of the vantage that saw the hash last.
func total(parts []Part) ledger.HashRow {
	if len(parts) == 1 {
		t := parts[0].HashRow
		t.Sketch = ""
		return t
	}
	t := ledger.HashRow{InfoHash: parts[0].InfoHash}
	var union *hyperloglog.Sketch
	var named time.Time
	for i := range parts {
		p := &parts[i]
		t.Requests += p.Requests
		t.RawRequests += p.RawRequests
		t.Announces += p.Announces
		t.Samples += p.Samples
		t.Sources = max(t.Sources, p.Sources)
		t.Peers = max(t.Peers, p.Peers)
		t.Seeds = max(t.Seeds, p.Seeds)
		t.PeersEstimate = max(t.PeersEstimate, p.PeersEstimate)
		t.FirstSeen, t.LastSeen = earlier(t.FirstSeen, p.FirstSeen), later(t.LastSeen, p.LastSeen)
		if p.Name != "" && (t.Name == "" || p.LastSeen.After(named)) {
			t.Name, named = p.Name, p.LastSeen
		}
		union = unite(union, p.Sketch)
	}
	if union != nil {
		t.Sources = max(t.Sources, int(union.Estimate()))
	}
	return t
}

// unite merges a sketch in its binary form into another, nil for an empty one. What is no sketch, or
// one of another precision, is left out: it must not cost the counts beside it.
func unite(union *hyperloglog.Sketch, binary string) *hyperloglog.Sketch {
	if binary == "" {
		return union
	}
	var s hyperloglog.Sketch
	if s.UnmarshalBinary([]byte(binary)) != nil {
		return union
	}
	if union == nil {
		return &s
	}
	union.Merge(&s) //nolint:errcheck // it refuses another precision before it changes anything
	return union
}

// mergeSketches returns the union of two sketches in their binary form, and its estimate.
func mergeSketches(a, b string) (binary string, estimate int) {
	union := unite(unite(nil, a), b)
	if union == nil {
		return "", 0
	}
	estimate = int(union.Estimate())
	if a == "" {
		return b, estimate
	}
	out, err := union.MarshalBinary()
	if err != nil {
		return b, estimate
	}
	return string(out), estimate
}

// earlier and later take the zero time for an unknown one.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
