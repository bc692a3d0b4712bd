// The writer of the test files needs 64 bits.

//go:build !386 && !arm

package geo

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// write makes an MMDB file of records by network and returns its path.
func write(t testing.TB, kind string, records map[string]mmdbtype.Map) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: kind, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for network, record := range records {
		_, n, err := net.ParseCIDR(network)
		if err != nil {
			t.Fatal(err)
		}
		if err := tree.Insert(n, record); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), kind+".mmdb")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

type dictionary = mmdbtype.Map

func word(s string) mmdbtype.String { return mmdbtype.String(s) }

// The flavours of files, each with what it says of 203.0.113.7.
var flavours = map[string]struct {
	record dictionary
	want   Place
}{
	"GeoLite2-Country": {dictionary{"country": dictionary{"iso_code": word("DE"), "names": dictionary{"en": word("Germany"), "de": word("Deutschland")}}},
		Place{Country: "DE", Name: "Germany"}},
	"GeoLite2-City": {dictionary{"country": dictionary{"iso_code": word("DE"), "names": dictionary{"en": word("Germany")}}, "city": dictionary{"names": dictionary{"en": word("Falkenstein")}}},
		Place{Country: "DE", Name: "Germany", City: "Falkenstein"}},
	"GeoLite2-ASN": {dictionary{"autonomous_system_number": mmdbtype.Uint32(24940), "autonomous_system_organization": word("Hetzner Online GmbH")}, //nolint:misspell // a key of theirs
		Place{ASN: 24940, Org: "Hetzner Online GmbH"}},
	"GeoIP2-Enterprise": {dictionary{"registered_country": dictionary{"iso_code": word("FR")}, "traits": dictionary{"autonomous_system_number": mmdbtype.Uint32(16276), "autonomous_system_organization": word("OVH")}}, //nolint:misspell // a key of theirs
		Place{Country: "FR", ASN: 16276, Org: "OVH"}},
	"ipinfo lite": {dictionary{"country": word("Germany"), "country_code": word("DE"), "asn": word("AS24940"), "as_name": word("Hetzner")},
		Place{Country: "DE", Name: "Germany", ASN: 24940, Org: "Hetzner"}},
	"ipinfo country_asn": {dictionary{"country": word("DE"), "country_name": word("Germany"), "asn": word("AS24940"), "as_name": word("Hetzner")},
		Place{Country: "DE", Name: "Germany", ASN: 24940, Org: "Hetzner"}},
	"ipinfo city": {dictionary{"country": word("DE"), "city": word("Falkenstein")}, Place{Country: "DE", City: "Falkenstein"}},
	"flat":        {dictionary{"country_code": word("de")}, Place{Country: "DE"}},
}

func TestEveryFlavourOfFileIsRead(t *testing.T) {
	for kind, f := range flavours {
		db, err := Open([]string{write(t, kind, map[string]dictionary{"203.0.113.0/24": f.record, "2001:db8::/32": f.record})})
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		for _, ip := range []string{"203.0.113.7", "::ffff:203.0.113.7", "2001:db8::1"} {
			for range 2 { // from the file, and from memory
				if got := db.Find(netip.MustParseAddr(ip)); got != f.want {
					t.Errorf("%s: %s is at %+v, want %+v", kind, ip, got, f.want)
				}
			}
			if got := db.Recall(netip.MustParseAddr(ip)); got != f.want {
				t.Errorf("%s: %s is remembered at %+v", kind, ip, got)
			}
		}
		for _, ip := range []netip.Addr{netip.MustParseAddr("198.51.100.1"), {}} {
			if got := db.Find(ip); got.Known() {
				t.Errorf("%s: %s is at %+v", kind, ip, got)
			}
		}
		db.Close()
	}
}

func TestSeveralFilesComplementEachOther(t *testing.T) {
	country := write(t, "country", map[string]dictionary{"203.0.113.0/24": flavours["GeoLite2-Country"].record})
	asn := write(t, "asn", map[string]dictionary{"203.0.113.0/24": flavours["GeoLite2-ASN"].record})
	db, err := Open([]string{country, asn})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := db.Find(netip.MustParseAddr("203.0.113.7"))
	if p != (Place{Country: "DE", Name: "Germany", ASN: 24940, Org: "Hetzner Online GmbH"}) || p.String() != "DE AS24940" {
		t.Errorf("%+v, in short %q", p, p)
	}
}

func TestAFileThatIsOfNoUseIsRefusedWithARemedy(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.mmdb")
	if err := os.WriteFile(broken, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		broken:                   "not in the MMDB format",
		filepath.Join("no", "x"): "there is no such file",
		t.TempDir():              "no regular file",
		write(t, "Domain", map[string]dictionary{"203.0.113.0/24": {"domain": word("example.org")}}): "neither countries nor AS numbers",
	} {
		_, err := Open([]string{path})
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

func TestTextsOfAFileAreMadePrintable(t *testing.T) {
	record := dictionary{"country_code": word("\x1b["), "asn": word("AS1"), "as_name": word("evil\x1b]52;c;x\x07\u202e" + strings.Repeat("é", 99))}
	db, err := Open([]string{write(t, "evil", map[string]dictionary{"203.0.113.0/24": record})})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	p := db.Find(netip.MustParseAddr("203.0.113.7"))
	if p.Country != "" || p.ASN != 1 || strings.ContainsAny(p.Org, "\x1b\x07\u202e") || len(p.Org) > 4*longest {
		t.Errorf("%+v", p)
	}
}

func TestWithoutFilesNothingIsKnown(t *testing.T) {
	db, err := Open(nil)
	if p := db.Find(netip.MustParseAddr("203.0.113.7")); db != nil || err != nil || p.Known() || db.Recall(netip.Addr{}).Known() {
		t.Errorf("%v, %v, %+v", db, err, p)
	}
	db.Close()
}

func TestWhatIsRememberedIsBounded(t *testing.T) {
	db, err := Open([]string{write(t, "country", map[string]dictionary{"10.0.0.0/8": flavours["flat"].record})})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for i := range remembered + 100 {
		db.Find(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}))
	}
	if n := len(db.known); n > remembered {
		t.Errorf("%d addresses", n)
	}
}

func BenchmarkFind(b *testing.B) {
	db, err := Open([]string{write(b, "country", map[string]dictionary{"10.0.0.0/8": flavours["GeoLite2-City"].record})})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for name, n := range map[string]int{"remembered": 1, "new": remembered} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				j := i % n * 7
				db.Find(netip.AddrFrom4([4]byte{10, byte(j >> 16), byte(j >> 8), byte(j)}))
			}
		})
	}
}

func TestFilesAreReplacedWhileAddressesAreLookedUp(t *testing.T) {
	file := func(country string) string {
		return write(t, "City", map[string]mmdbtype.Map{"203.0.113.0/24": {"country": dictionary{"iso_code": word(country)}}})
	}
	germany, france := file("DE"), file("FR")
	db, ip := New(), netip.MustParseAddr("203.0.113.7")
	if !db.Empty() || db.Find(ip).Known() {
		t.Error("a new DB knows something")
	}
	var finding sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		finding.Go(func() {
			for i := byte(0); ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				if p := db.Find(netip.AddrFrom4([4]byte{203, 0, 113, i})); p.Known() && p.Country != "DE" && p.Country != "FR" {
					t.Errorf("%+v", p)
				}
			}
		})
	}
	for range 50 {
		for _, path := range []string{germany, france} {
			if err := db.Load([]string{path}); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(stop)
	finding.Wait()
	if p := db.Find(ip); p.Country != "FR" || db.Empty() {
		t.Errorf("%+v", p)
	}
	if err := db.Load([]string{"geo_test.go"}); err == nil || db.Find(ip).Country != "FR" {
		t.Errorf("after a file that is refused: %v, %+v", err, db.Find(ip))
	}
	if db.Close(); !db.Empty() || db.Find(ip).Known() {
		t.Error("a closed DB knows something")
	}
}
