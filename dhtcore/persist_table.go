package dhtcore

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// savedTable is the file that keeps an identity and its routing table from one run to the next.
type savedTable struct {
	Version int         `json:"version"`
	ID      ID          `json:"id"`
	Saved   time.Time   `json:"saved"`
	Nodes   []savedNode `json:"nodes"`
}

type savedNode struct {
	ID        ID             `json:"id"`
	Addr      netip.AddrPort `json:"addr"`
	RTTms     float64        `json:"rtt_ms"`
	FirstSeen time.Time      `json:"first_seen"`
	LastReply time.Time      `json:"last_reply,omitzero"` // in any run; zero when nobody knows
	Client    string         `json:"client,omitempty"`
}

// The format of a saved table, and how much of a file is read.
const (
	savedVersion = 1
	maxSaved     = 4 << 20 // bytes; a full table takes 100 KiB
	maxNodes     = 2000
)

// loadTable reads a saved table. Without a file it returns an empty table with a new ID. A file that cannot be
// used is set aside, and warning says so.
func loadTable(path string) (t savedTable, warning string) {
	fresh := savedTable{Version: savedVersion, ID: wire.RandomID()}
	if path == "" {
		return fresh, ""
	}
	err := readTable(path, &t)
	switch {
	case err == nil:
		return t, ""
	case errors.Is(err, fs.ErrNotExist):
		return fresh, ""
	}
	aside := path + ".unreadable"
	if renameErr := os.Rename(path, aside); renameErr != nil {
		aside = path
	}
	return fresh, fmt.Sprintf("the saved routing table could not be used (%v) and is kept as %s: starting afresh", err, aside)
}

func readTable(path string, t *savedTable) error {
	b, _, err := atomicfile.Read(path, maxSaved)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(b, t); err != nil {
		return err
	}
	if t.Version != savedVersion {
		return fmt.Errorf("version %d is not %d", t.Version, savedVersion)
	}
	if t.ID.Zero() {
		return errors.New("it has no node ID")
	}
	t.Nodes = t.Nodes[:min(len(t.Nodes), maxNodes)]
	return nil
}

// restored returns the saved nodes of one address family as entries of a table.
func (t *savedTable) restored(family wire.Family) (nodes []table.Node) {
	for _, s := range t.Nodes {
		if s.Addr.IsValid() && s.Addr.Port() != 0 && wire.FamilyOf(s.Addr.Addr()) == family {
			nodes = append(nodes, table.Node{Contact: wire.Contact{ID: s.ID, Addr: s.Addr}, FirstSeen: s.FirstSeen,
				RTT: time.Duration(s.RTTms * float64(time.Millisecond))})
		}
	}
	return nodes
}

// lastReplies are when the saved nodes last replied.
func (t *savedTable) lastReplies() map[netip.AddrPort]time.Time {
	all := make(map[netip.AddrPort]time.Time, len(t.Nodes))
	for _, s := range t.Nodes {
		all[s.Addr] = s.LastReply
	}
	return all
}

// saveTable replaces the file of a table. Bad nodes are left out. earlier is when nodes replied that have not in this run.
func saveTable(path string, id ID, nodes []table.Node, earlier map[netip.AddrPort]time.Time) error {
	t := savedTable{Version: savedVersion, ID: id, Saved: time.Now().UTC(), Nodes: []savedNode{}}
	for _, n := range nodes {
		if n.Fails < table.MaxFails {
			last := n.LastReply
			if last.IsZero() {
				last = earlier[n.Addr]
			}
			t.Nodes = append(t.Nodes, savedNode{n.ID, n.Addr, float64(n.RTT) / float64(time.Millisecond), n.FirstSeen, last.UTC(), n.Client})
		}
	}
	b, err := json.MarshalIndent(t, "", " ")
	if err != nil {
		return err
	}
	return atomicfile.Write(path, b, 0o600)
}

// tablePath is the file of the i-th identity of an address family; "" when nothing is kept.
func tablePath(dir string, family wire.Family, i int) string {
	if dir == "" {
		return ""
	}
	name := "table-v4"
	if family == wire.IPv6 {
		name = "table-v6"
	}
	if i > 0 {
		name += fmt.Sprintf("-%d", i+1)
	}
	return filepath.Join(dir, name+".json")
}
