package admission

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// register opens a register in dir, "" for one in memory.
func register(t *testing.T, dir string) *Register {
	t.Helper()
	var r Register
	path := ""
	if dir != "" {
		path = filepath.Join(dir, FileName)
	}
	if err := r.Open(path); err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestARegisteredTorrentIsServedAfterARestartToo(t *testing.T) {
	dir := t.TempDir()
	r := register(t, dir)
	one, two, three := wire.ID{1}, wire.ID{2}, wire.ID{3}
	odd := "a&b=#c\n%41 é\u202e+<b>"
	for _, c := range []struct {
		add   RegisteredTorrent
		fresh bool
		has   string // the name then
	}{
		{RegisteredTorrent{Hashes: []wire.ID{one}, Name: odd, Size: 7, Added: time.Unix(100, 0)}, true, odd},
		{RegisteredTorrent{Hashes: []wire.ID{one}, Added: time.Unix(200, 0)}, false, odd},
		{RegisteredTorrent{Hashes: []wire.ID{three}, Added: time.Unix(300, 0)}, true, ""},
		{RegisteredTorrent{Hashes: []wire.ID{two, one}, Added: time.Unix(300, 0)}, true, odd}, // it is a hybrid one
		{RegisteredTorrent{Hashes: []wire.ID{one}, Name: "other"}, true, "other"},
	} {
		is, fresh, err := r.Add(c.add)
		if err != nil || fresh != c.fresh || is.Name != c.has {
			t.Errorf("%+v: %+v, %v, %v; want %v and %q", c.add, is, fresh, err, c.fresh, c.has)
		}
	}
	check := func(r *Register, total int) {
		t.Helper()
		n, latest := r.Latest(1)
		if is := r.Get(two); n != total || len(latest) != 1 || is == nil || is != r.Get(one) || is.Name != "other" || is.Size != 7 ||
			!is.Added.Equal(time.Unix(100, 0)) || len(is.Hashes) != 2 || r.Get(three).Name != "" {
			t.Errorf("%d of them, %+v", n, is)
		}
	}
	check(r, 2)
	check(register(t, dir), 2)

	// The machine stopped in the middle of a line, and somebody edited the file.
	path := filepath.Join(dir, FileName)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(content, "# mine\n0400000000000000000000000000000000000000\nmagnet:?xt=urn:bt"...), 0o600); err != nil {
		t.Fatal(err)
	}
	var broken Register
	if err := broken.Open(path); err == nil || !strings.Contains(err.Error(), "1 line of the tracker's torrents in "+path+" could not be read, line 7 first") {
		t.Errorf("%v", err)
	}
	check(&broken, 3)
	if _, _, err := broken.Add(RegisteredTorrent{Hashes: []wire.ID{{5}}}); err != nil {
		t.Error(err)
	}
	var mended Register
	if err := mended.Open(path); err == nil || mended.Get(wire.ID{5}) == nil || mended.Get(wire.ID{4}) == nil {
		t.Errorf("%v; want a line of its own for what follows a torn one", err)
	}
}

func TestTheAllowListAndTheRegisterAreServedAndTheDenyListIsNot(t *testing.T) {
	r := register(t, "")
	allowed, registered, denied, other := wire.ID{1}, wire.ID{2}, wire.ID{3}, wire.ID{4}
	for _, hash := range []wire.ID{registered, denied} {
		if _, _, err := r.Add(RegisteredTorrent{Hashes: []wire.ID{hash}}); err != nil {
			t.Fatal(err)
		}
	}
	p := r.Policy(&tracker.Policy{Allow: map[wire.ID]struct{}{allowed: {}}, Deny: map[wire.ID]struct{}{denied: {}}})
	for hash, want := range map[wire.ID]bool{allowed: true, registered: true, denied: false, other: false} {
		if got := p.Admits(hash); got != want {
			t.Errorf("%s: %v", hash, got)
		}
	}
	if !r.Policy(&tracker.Policy{}).Admits(other) {
		t.Error("without an allow list, what is registered is no allow list either")
	}
}

func TestANameIsGivenWhenItsHashIsSeen(t *testing.T) {
	r, l := register(t, ""), ledger.New()
	late, early := wire.ID{1}, wire.ID{2}
	now, source := time.Now(), netip.MustParseAddrPort("192.0.2.1:1")
	l.See(ledger.Announced, early, source, 0, now)
	for hash, name := range map[wire.ID]string{late: "late", early: "early"} {
		if _, _, err := r.Add(RegisteredTorrent{Hashes: []wire.ID{hash}, Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	r.NameIn(l)
	l.See(ledger.Announced, late, source, 0, now)
	r.NameIn(l)
	if names := l.NamesOf([][20]byte{late, early}); names[0] != "late" || names[1] != "early" || len(r.unnamed) != 0 {
		t.Errorf("%q, and %d wait", names, len(r.unnamed))
	}
}

func TestManyTorrentsAreWrittenDownAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), FileName)
	var r Register
	if err := r.Open(path); err != nil {
		t.Fatal(err)
	}
	list := make([]RegisteredTorrent, 1000)
	for i := range list {
		list[i] = RegisteredTorrent{Hashes: []wire.ID{{byte(i), byte(i >> 8), 1}}, Name: "one", Added: time.Unix(int64(i), 0)}
	}
	list = append(list, list[7]) // of the same file, in another form
	if err := r.AddAll(list); err != nil {
		t.Fatal(err)
	}
	var again Register
	if err := again.Open(path); err != nil {
		t.Fatal(err)
	}
	if total, latest := again.Latest(1); total != 1000 || latest[0].Hashes[0] != list[999].Hashes[0] {
		t.Errorf("%d torrents, the latest %v", total, latest)
	}
	before, _ := os.Stat(path)
	if err := again.AddAll(list); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(path); err != nil || after.Size() != before.Size() {
		t.Errorf("what was known is written again: %v", err)
	}
	r.path = t.TempDir()
	if err := r.AddAll([]RegisteredTorrent{{Hashes: []wire.ID{{9, 9, 9}}, Name: "x"}}); err == nil || !strings.Contains(err.Error(), "make room") {
		t.Errorf("no file: %v", err)
	}
}
