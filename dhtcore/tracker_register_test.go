package dhtcore

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/tracker"
)

// register opens a register in dir, "" for one in memory.
func register(t *testing.T, dir string) *trackerRegister {
	t.Helper()
	var r trackerRegister
	path := ""
	if dir != "" {
		path = filepath.Join(dir, registerFile)
	}
	if err := r.open(path); err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestARegisteredTorrentIsServedAfterARestartToo(t *testing.T) {
	dir := t.TempDir()
	r := register(t, dir)
	one, two, three := ID{1}, ID{2}, ID{3}
	odd := "a&b=#c\n%41 é\u202e+<b>"
	for _, c := range []struct {
		add   RegisteredTorrent
		fresh bool
		has   string // the name then
	}{
		{RegisteredTorrent{Hashes: []ID{one}, Name: odd, Size: 7, Added: time.Unix(100, 0)}, true, odd},
		{RegisteredTorrent{Hashes: []ID{one}, Added: time.Unix(200, 0)}, false, odd},
		{RegisteredTorrent{Hashes: []ID{three}, Added: time.Unix(300, 0)}, true, ""},
		{RegisteredTorrent{Hashes: []ID{two, one}, Added: time.Unix(300, 0)}, true, odd}, // it is a hybrid one
		{RegisteredTorrent{Hashes: []ID{one}, Name: "other"}, true, "other"},
	} {
		is, fresh, err := r.add(c.add)
		if err != nil || fresh != c.fresh || is.Name != c.has {
			t.Errorf("%+v: %+v, %v, %v; want %v and %q", c.add, is, fresh, err, c.fresh, c.has)
		}
	}
	check := func(r *trackerRegister, total int) {
		t.Helper()
		n, latest := r.latest(1)
		if is := r.get(two); n != total || len(latest) != 1 || is == nil || is != r.get(one) || is.Name != "other" || is.Size != 7 ||
			!is.Added.Equal(time.Unix(100, 0)) || len(is.Hashes) != 2 || r.get(three).Name != "" {
			t.Errorf("%d of them, %+v", n, is)
		}
	}
	check(r, 2)
	check(register(t, dir), 2)

	// The machine stopped in the middle of a line, and somebody edited the file.
	path := filepath.Join(dir, registerFile)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(content, "# mine\n0400000000000000000000000000000000000000\nmagnet:?xt=urn:bt"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var broken trackerRegister
	if err := broken.open(path); err == nil || !strings.Contains(err.Error(), "1 line of the tracker's torrents in "+path+" could not be read, line 7 first") {
		t.Errorf("%v", err)
	}
	check(&broken, 3)
	if _, _, err := broken.add(RegisteredTorrent{Hashes: []ID{{5}}}); err != nil {
		t.Error(err)
	}
	var mended trackerRegister
	if err := mended.open(path); err == nil || mended.get(ID{5}) == nil || mended.get(ID{4}) == nil {
		t.Errorf("%v; want a line of its own for what follows a torn one", err)
	}
}

func TestTheAllowListAndTheRegisterAreServedAndTheDenyListIsNot(t *testing.T) {
	r := register(t, "")
	allowed, registered, denied, other := ID{1}, ID{2}, ID{3}, ID{4}
	for _, hash := range []ID{registered, denied} {
		if _, _, err := r.add(RegisteredTorrent{Hashes: []ID{hash}}); err != nil {
			t.Fatal(err)
		}
	}
	p := r.admission(&tracker.Policy{Allow: map[ID]struct{}{allowed: {}}, Deny: map[ID]struct{}{denied: {}}})
	for hash, want := range map[ID]bool{allowed: true, registered: true, denied: false, other: false} {
		if got := p.Admits(hash); got != want {
			t.Errorf("%s: %v", hash, got)
		}
	}
	if !r.admission(&tracker.Policy{}).Admits(other) {
		t.Error("without an allow list, what is registered is no allow list either")
	}
}

func TestANameIsGivenWhenItsHashIsSeen(t *testing.T) {
	r, l := register(t, ""), ledger.New()
	late, early := ID{1}, ID{2}
	now, source := time.Now(), netip.MustParseAddrPort("192.0.2.1:1")
	l.See(ledger.Announced, early, source, 0, now)
	for hash, name := range map[ID]string{late: "late", early: "early"} {
		if _, _, err := r.add(RegisteredTorrent{Hashes: []ID{hash}, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	r.nameIn(l)
	l.See(ledger.Announced, late, source, 0, now)
	r.nameIn(l)
	if names := l.NamesOf([][20]byte{late, early}); names[0] != "late" || names[1] != "early" || len(r.unnamed) != 0 {
		t.Errorf("%q, and %d wait", names, len(r.unnamed))
	}
}

func TestTheExplorerRegistersAndSavesOnRequest(t *testing.T) {
	dir := t.TempDir()
	deny := filepath.Join(dir, "deny")
	if err := os.WriteFile(deny, []byte(ID{9}.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	e := start(t, Config{Bind: loopback, Bootstrap: []string{}, DataDir: dir, TrackerDeny: deny, Tracker: &TrackerConfig{HTTP: "127.0.0.1:0"}})
	announceTo(t, e)
	if err := e.SaveState(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, trackerFile)); err != nil {
		t.Error(err)
	}
	r, fresh, err := e.RegisterTorrent(&Torrent{Hashes: []ID{{1, 2, 3}}}, "a\x1b[2Jb\u202e", 5)
	if err != nil || !fresh || r.Name != "a\ufffd[2Jb\ufffd" || e.Registered(ID{1, 2, 3}).Size != 5 {
		t.Errorf("%+v, %v, %v", r, fresh, err)
	}
	if _, _, err := e.RegisterTorrent(&Torrent{Hashes: []ID{{8}, {9}}}, "", 0); !errors.Is(err, ErrDenied) || e.Registered(ID{8}) != nil {
		t.Errorf("%v; want that the deny list has it", err)
	}
	none := start(t, Config{Bind: loopback, Bootstrap: []string{}})
	if _, _, err := none.RegisterTorrent(&Torrent{Hashes: []ID{{1}}}, "", 0); !errors.Is(err, ErrNoTracker) {
		t.Errorf("without a tracker: %v", err)
	}
	if err := none.SaveState(t.Context()); !errors.Is(err, ErrKeepsNothing) {
		t.Errorf("without a data directory: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	idle, err := Open(Config{Bind: loopback, Bootstrap: []string{}, DataDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if err := idle.SaveState(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestManyTorrentsAreWrittenDownAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), registerFile)
	var r trackerRegister
	if err := r.open(path); err != nil {
		t.Fatal(err)
	}
	list := make([]RegisteredTorrent, 1000)
	for i := range list {
		list[i] = RegisteredTorrent{Hashes: []ID{{byte(i), byte(i >> 8), 1}}, Name: "one", Added: time.Unix(int64(i), 0)}
	}
	list = append(list, list[7]) // of the same file, in another form
	if err := r.addAll(list); err != nil {
		t.Fatal(err)
	}
	var again trackerRegister
	if err := again.open(path); err != nil {
		t.Fatal(err)
	}
	if total, latest := again.latest(1); total != 1000 || latest[0].Hashes[0] != list[999].Hashes[0] {
		t.Errorf("%d torrents, the latest %v", total, latest)
	}
	before, _ := os.Stat(path)
	if err := again.addAll(list); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(path); err != nil || after.Size() != before.Size() {
		t.Errorf("what was known is written again: %v", err)
	}
	r.path = t.TempDir()
	if err := r.addAll([]RegisteredTorrent{{Hashes: []ID{{9, 9, 9}}, Name: "x"}}); err == nil || !strings.Contains(err.Error(), "make room") {
		t.Errorf("no file: %v", err)
	}
}
