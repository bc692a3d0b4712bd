package report

import (
	"fmt"
	"io"
	"slices"

	"dhtop/dhtcore"
)

// WriteLookups writes lookups in the format f, which is not Magnet, in the shapes of "peers". names has what
// is known of their hashes.
func WriteLookups(
	w io.Writer, f Format, lookups []dhtcore.LookupState, names map[dhtcore.ID]*dhtcore.MetadataInfo, o Options,
) error {
	switch f {
	case JSON:
		all := make([]Lookup, len(lookups))
		for i := range lookups {
			all[i] = newNamedLookup(&lookups[i], names, o)
		}
		return WriteJSON(w, all)
	case CSV:
		if _, err := fmt.Fprintln(w, PeersHeader); err != nil {
			return err
		}
	}
	for i := range lookups {
		if err := writeLookup(w, f, &lookups[i], names, o); err != nil {
			return err
		}
	}
	return nil
}

func writeLookup(
	w io.Writer, f Format, l *dhtcore.LookupState, names map[dhtcore.ID]*dhtcore.MetadataInfo, o Options,
) error {
	switch f {
	case NDJSON:
		out := newNamedLookup(l, names, o)
		out.Kind = KindLookup
		return WriteNDJSON(w, out)
	case CSV:
		return WritePeersCSV(w, l, o)
	default:
		return WritePeers(w, l, o)
	}
}

func newNamedLookup(l *dhtcore.LookupState, names map[dhtcore.ID]*dhtcore.MetadataInfo, o Options) Lookup {
	out := NewLookup(l, o)
	if info := names[l.Target]; info != nil {
		out.SetTorrent(info, nil, o)
	}
	return out
}

// Lookups returns the lookups of s that may be told of: while addresses are hidden, none for one of our own IDs, which is as
// good as an address.
func Lookups(s *dhtcore.Snapshot, o Options) []dhtcore.LookupState {
	if o.Masking() == nil {
		return s.Lookups
	}
	return slices.DeleteFunc(slices.Clone(s.Lookups), func(l dhtcore.LookupState) bool {
		return slices.ContainsFunc(s.Nodes, func(v dhtcore.Vantage) bool { return v.ID == l.Target })
	})
}

// LookupRun is a lookup that runs or has run, an element of /api/v1/lookups.
type LookupRun struct {
	Lookup
	Started timestamp `json:"started"`
	Running bool      `json:"running"`
	Ending  *string   `json:"ending"` // completed, starvation, stopped or cancelled; null while it runs
}

// NewLookupRun returns the JSON form of a lookup with how far it is. names has what is known of its hash.
func NewLookupRun(l *dhtcore.LookupState, names map[dhtcore.ID]*dhtcore.MetadataInfo, o Options) LookupRun {
	out := LookupRun{newNamedLookup(l, names, o), timestamp(l.Started), !l.Done, nil}
	if l.Done {
		out.Ending = nullable(l.Ending.String())
	}
	return out
}
