package screen

import (
	"time"

	"dhtop/dhtcore"
)

// Digest is what happened while nobody looked.
type Digest struct {
	Title string // "while you were away, 6 h"
	dhtcore.Digest
}

// NewDigest returns the digest of what happened since a moment, nil where nothing did.
func NewDigest(s *dhtcore.Snapshot, title string, since time.Time) *Digest {
	d := dhtcore.DigestOf(s, since)
	if len(d.Lines) == 0 {
		return nil
	}
	return &Digest{title, d}
}

func countDigest(st *State, _ *dhtcore.Snapshot) int {
	if st.Digest == nil {
		return 0
	}
	return len(st.Digest.Lines)
}
