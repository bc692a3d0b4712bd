package cli_test

import (
	"crypto/ed25519"
	"crypto/sha1"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// keeper is a foreign client that keeps items as well (BEP 44).
type keeper interface {
	foreign
	// put has a node store a string, which is mutable when seed is that of an ed25519 key, and returns its
	// target. A mutable one gets the sequence number that follows the one found.
	put(node int, value string, seed, salt []byte) (target string)
	// get has a node look for a string, which belongs to key if that is given.
	get(node int, target string, key, salt []byte) string
}

// published is what "announce --json" and "put --json" have in common, and what a put adds.
type published struct {
	Target string
	Key    string
	Seq    *int64
	Nodes  []struct {
		Addr   string
		Stored bool
		Error  *string
	}
}

func (p published) storedAt(addr string) bool {
	for _, n := range p.Nodes {
		if n.Addr == addr && n.Stored {
			return true
		}
	}
	return false
}

func TestForeignClientsAndDhtopFindWhatTheOtherPublishes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		open func(*testing.T) foreign
	}{
		{"anacrolix", openAnacrolix},
		{"libtorrent", openLibtorrent},
		{"webtorrent", openWebtorrent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := c.open(t).(keeper)
			node := serveOnLoopback(t)
			p := publisher{t: t, client: client, dhtop: node, careless: c.name == "anacrolix",
				self: netip.MustParseAddrPort(freeAddr(t)), data: t.TempDir()}
			for n := range 2 {
				p.addrs = append(p.addrs, client.start(loopback(n), node.addr))
				node.await(t, "node_joined", "", p.addrs[n])
			}
			p.announces()
			p.immutable()
			p.mutable()
		})
	}
}

// publisher has dhtop and a foreign client publish and find by turns.
type publisher struct {
	t      *testing.T
	client keeper
	dhtop  *server
	addrs  []string       // of the foreign nodes
	self   netip.AddrPort // of our commands, and
	data   string         // their directory: one node that comes and goes, and is not waited for as many
	// careless clients need not store what we publish: anacrolix keeps no peers unless it is given a store,
	// and refuses immutable items without a sequence number, which they do not have.
	careless bool
}

// run runs a command of ours.
func (p *publisher) run(command ...string) []byte {
	p.t.Helper()
	return runProgram(p.t, append(command, "--bind", p.self.Addr().String(), "--port", fmt.Sprint(p.self.Port()),
		"--no-ipv6", "--read-only", "--bootstrap", p.dhtop.addr, "--data", p.data, "--store", "none")...)
}

// publish runs a command of ours and wants the foreign nodes among those that stored it.
func (p *publisher) publish(command ...string) (done published) {
	p.t.Helper()
	out := p.run(append(command, "--json")...)
	if err := json.Unmarshal(out, &done); err != nil {
		p.t.Fatalf("%q: %v\n%s", command, err, out)
	}
	for _, addr := range p.addrs {
		if !done.storedAt(addr) && !p.careless {
			p.t.Errorf("%q was not stored at %s:\n%s", command, addr, out)
		}
	}
	return done
}

func (p *publisher) announces() {
	hash := randomHash()
	p.publish("announce", hash, "--peer-port", "7003")
	if found := p.client.find(1, hash); !slices.Contains(found, "127.0.0.1:7003") {
		p.t.Errorf("dhtop announced, but the client found %v", found)
	}
}

func (p *publisher) immutable() {
	theirs := "an item of theirs, " + randomHash()
	target := p.client.put(0, theirs, nil, nil)
	if want := sha1.Sum(fmt.Appendf(nil, "%d:%s", len(theirs), theirs)); target != hex.EncodeToString(want[:]) {
		p.t.Fatalf("they stored it at %s, not at %x", target, want)
	}
	if got := p.run("get", target); string(got) != theirs {
		p.t.Errorf("they stored %q, dhtop got %q", theirs, got)
	}
	ours := "an item of ours, " + randomHash()
	target = p.publish("put", ours).Target
	if got := p.client.get(1, target, nil, nil); got != ours {
		p.t.Errorf("dhtop stored %q at %s, they got %q", ours, target, got)
	}
}

// mutable has them write, us, and them again, so that each must have read the other's sequence number. The
// salt is part of what is signed and of where it is kept.
func (p *publisher) mutable() {
	key := ed25519.NewKeyFromSeed([]byte(randomHash()[:ed25519.SeedSize]))
	public, salt := []byte(key.Public().(ed25519.PublicKey)), "salt and pepper"
	p.client.put(0, "their first word", key.Seed(), []byte(salt))
	if got := p.run("get", hex.EncodeToString(public), "--salt", salt); string(got) != "their first word" {
		p.t.Errorf("dhtop got %q", got)
	}
	p.putAgain(fmt.Sprintf("magnet:?xs=urn:btpk:%x&s=%x", public, salt), public)
	answer := p.publish("put", "our answer", "--key-file", keyFile(p.t, key), "--salt", salt)
	if answer.Seq == nil || answer.Key != hex.EncodeToString(public) {
		p.t.Fatalf("dhtop stored %+v", answer)
	}
	if got := p.client.get(1, answer.Target, public, []byte(salt)); got != "our answer" {
		p.t.Errorf("they got %q", got)
	}
	p.client.put(0, "their last word", key.Seed(), []byte(salt))
	if got := p.run("get", answer.Target, "--salt", salt, "--seq", fmt.Sprint(*answer.Seq+1)); string(got) != "their last word" {
		p.t.Errorf("dhtop got %q", got)
	}
}

// putAgain puts an item of theirs again, which only they can sign.
func (p *publisher) putAgain(link string, public []byte) {
	p.t.Helper()
	lines := filepath.Join(p.t.TempDir(), "lines")
	if err := os.WriteFile(lines, []byte("# what is kept\n"+link+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	out := p.run("put", "--file", lines, "--json")
	var all []published
	if err := json.Unmarshal(out, &all); err != nil || len(all) != 1 {
		p.t.Fatalf("%v\n%s", err, out)
	}
	again := all[0]
	if again.Key != hex.EncodeToString(public) || again.Seq == nil || !again.storedAt(p.dhtop.addr) {
		p.t.Errorf("put again: %s", out)
	}
	for _, n := range again.Nodes {
		if !n.Stored && !strings.Contains(*n.Error, "sequence number") && !p.careless { // webtorrent refuses what it has
			p.t.Errorf("put again: %s", out)
		}
	}
}

// keyFile writes a key as openssl does.
func keyFile(t *testing.T, key ed25519.PrivateKey) (path string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
