package report

import (
	"fmt"
	"io"

	"dhtop/dhtcore"
)

// Announce is the document of "announce --json".
type Announce struct {
	Kind     string     `json:"kind"` // "announce"
	InfoHash dhtcore.ID `json:"info_hash"`
	Identity
	Port        uint16 `json:"port"`         // 0 when it is implied
	ImpliedPort bool   `json:"implied_port"` // the port that the announce came from
	Seeder      bool   `json:"seeder"`       // BEP 33
	Storing
	SearchStats
	Also []Announce `json:"also,omitempty"` // of the other hashes that were named
}

// NewAnnounce returns the JSON form of an announce. t is the torrent that the hash is of.
func NewAnnounce(l *dhtcore.LookupState, t *dhtcore.Torrent, port uint16, seeder bool, o Options) Announce {
	return Announce{Kind: "announce", InfoHash: l.Target, Identity: NewIdentity(t, l.Target), Port: port, ImpliedPort: port == 0,
		Seeder: seeder, Storing: newStoring(l, o), SearchStats: newSearchStats(l, o)}
}

// WritePlain writes a summary as a comment, then one line per node.
func (a *Announce) WritePlain(w io.Writer) error {
	_, err := fmt.Fprintf(w, "# %s: announced to %d of %s, %s\n",
		a.InfoHash, a.Stored, count(len(a.Nodes), "node"), &a.SearchStats)
	if err == nil {
		err = a.WriteSameTorrent(w)
	}
	if err == nil {
		err = a.writeExternal(w)
	}
	if err == nil {
		err = a.Storing.writePlain(w)
	}
	for i := range a.Also {
		also := a.Also[i]
		also.External = nil // said above
		if err == nil {
			err = also.WritePlain(w)
		}
	}
	return err
}

// WriteCSV writes a header and one line per node of each hash.
func (a *Announce) WriteCSV(w io.Writer) error {
	err := a.writeCSV(w, "info_hash", a.InfoHash)
	for i := range a.Also {
		if err == nil {
			err = a.Also[i].writeRows(w, a.Also[i].InfoHash)
		}
	}
	return err
}

// Put is the document of "put --json".
type Put struct {
	Kind string `json:"kind"` // "put"
	Item
	Storing
	SearchStats
}

// NewPut returns the JSON form of a put.
func NewPut(l *dhtcore.LookupState, it *dhtcore.Item, o Options) Put {
	return Put{"put", newItem(l.Target, it), newStoring(l, o), newSearchStats(l, o)}
}

// WritePlain writes a summary as a comment, then one line per node.
func (p *Put) WritePlain(w io.Writer) error {
	_, err := fmt.Fprintf(w, "# %s: %s, stored at %d of %s, %s\n",
		p.Target, &p.Item, p.Stored, count(len(p.Nodes), "node"), &p.SearchStats)
	if err == nil {
		err = p.writeExternal(w)
	}
	if err != nil {
		return err
	}
	return p.Storing.writePlain(w)
}

// WriteCSV writes a header and one line per node.
func (p *Put) WriteCSV(w io.Writer) error { return p.writeCSV(w, "target", p.Target) }
