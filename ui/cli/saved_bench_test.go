package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"dhtop/dhtcore/testnet"
)

// BenchmarkSavedLookup is BenchmarkColdLookup with the data directory of an earlier run, with one whose nodes are all dead,
// and with an empty one, in turns.
func BenchmarkSavedLookup(b *testing.B) {
	dhtop, err := build()
	if err != nil {
		b.Fatal(err)
	}
	n, stop := coldNetwork(b, 77)
	defer stop()
	saved := b.TempDir()
	host := n.Contacts()[200].Addr.String()
	earlier := peersCommand(dhtop, saved, []string{host}, testnet.InfoHash(1, 0), "--warm", "20s", "--bind", "127.0.0.1")
	earlier.Run() //nolint:errcheck // nobody has that torrent; what it saves is read below
	var states [3]coldLookups
	for round := uint64(0); b.Loop(); round++ {
		for i := range coldHashes {
			hash := testnet.InfoHash(2000+round, i)
			swarm := n.Plant(hash, 300)
			closest := n.Closest(hash, 8)
			bootstrap := hostsOf(n.Contacts()[3*i : 3*i+3])
			for state, data := range []string{b.TempDir(), copyTable(b, saved, false), copyTable(b, saved, true)} {
				states[state].add(lookUpCold(b, dhtop, data, bootstrap, hash), swarm, closest)
			}
		}
	}
	for state, prefix := range []string{"empty-", "saved-", "dead-"} {
		states[state].report(b, prefix)
	}
}

// copyTable copies the routing table of a data directory to a fresh one, with nobody at its addresses if its nodes are dead.
func copyTable(b *testing.B, from string, dead bool) (to string) {
	b.Helper()
	const name = "table-v4.json"
	text, err := os.ReadFile(filepath.Join(from, name))
	if err != nil {
		b.Fatal(err)
	}
	var table struct{ Nodes []struct{ Addr string } }
	if err := json.Unmarshal(text, &table); err != nil || len(table.Nodes) < 30 {
		b.Fatalf("%d nodes were saved: %v", len(table.Nodes), err)
	}
	if dead {
		text = regexp.MustCompile(`("addr": "[0-9.]+):[0-9]+"`).ReplaceAll(text, []byte(`$1:9"`))
	}
	to = b.TempDir()
	if err := os.WriteFile(filepath.Join(to, name), text, 0o600); err != nil {
		b.Fatal(err)
	}
	return to
}
