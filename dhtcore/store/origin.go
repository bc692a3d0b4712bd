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

// Origin names the store that counted: a random mark, made with the file, that its counts keep wherever they are
// copied. In the SQL schemas its column is called vantage.
type Origin [8]byte

// NewOrigin returns a random Origin.
func NewOrigin() (o Origin) {
	rand.Read(o[:]) // it never fails
	return o
}

// NamedOrigin derives an Origin from a name that a person gave, for counts that carry none.
func NamedOrigin(name string) (o Origin) {
	sum := sha256.Sum256([]byte(name))
	copy(o[:], sum[:])
	return o
}

// ParseOrigin reads what String returns.
func ParseOrigin(s string) (o Origin, err error) {
	if len(s) != 2*len(o) {
		return o, fmt.Errorf("origin %.40q: want %d hexadecimal digits", s, 2*len(o))
	}
	if _, err := hex.Decode(o[:], []byte(s)); err != nil {
		return o, fmt.Errorf("origin %q: %w", s, err)
	}
	return o, nil
}

// String returns 16 hexadecimal digits.
func (o Origin) String() string { return hex.EncodeToString(o[:]) }

// Part is what one origin counted of one hash, from its FirstSeen to its LastSeen.
type Part struct {
	Origin Origin
	ledger.HashRow
}

// Entry is one hash of the ranking: the totals of all origins, and what each counted.
type Entry struct {
	ledger.HashRow
	Parts []Part
}

// sumParts adds up the parts of one hash. Distinct counts are a union where the parts have sketches, else their
// maximum, which is a lower bound. The name is that of the origin that saw the hash last.
func sumParts(parts []Part) ledger.HashRow {
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
		t.Maintenance += p.Maintenance
		t.Announces += p.Announces
		t.Samples += p.Samples
		t.Tracked += p.Tracked
		t.Sources = max(t.Sources, p.Sources)
		t.Peers = max(t.Peers, p.Peers)
		t.Seeds = max(t.Seeds, p.Seeds)
		t.PeersEstimate = max(t.PeersEstimate, p.PeersEstimate)
		t.FirstSeen, t.LastSeen = earlier(t.FirstSeen, p.FirstSeen), later(t.LastSeen, p.LastSeen)
		if p.Name != "" && (t.Name == "" || p.LastSeen.After(named)) {
			t.Name, named = p.Name, p.LastSeen
		}
		union = mergeInto(union, p.Sketch)
	}
	if union != nil {
		t.Sources = max(t.Sources, int(union.Estimate()))
	}
	return t
}

// earlier and later treat the zero time as unknown.
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
