package dhtcore

import (
	"time"

	"dhtop/dhtcore/ledger"
)

// HashRow returns the row of a hash as of now, and whether memory has one. It has no Rank.
func (e *Explorer) HashRow(hash ID) (row HashRow, known bool) { return e.ledger.Row(hash, time.Now()) }

// TopHashes returns the hashes that pass a filter, by requests, at most n of them. It looks at the first
// ledger.MaxTopBy of all.
func (e *Explorer) TopHashes(f *HashFilter, n int) (top []HashRow) {
	row := RankedHash{At: time.Now()}
	var buf []byte
	all := e.ledger.TopBy(ledger.ByRequests, true, ledger.MaxTopBy, row.At)
	for i := range all {
		if len(top) >= n {
			break
		}
		if row.HashRow = &all[i]; f.Match(&row, &buf) {
			top = append(top, all[i])
		}
	}
	return top
}
