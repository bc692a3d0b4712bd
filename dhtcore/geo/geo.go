// Package geo looks up the country and the network operator of an address in MMDB files that the user has: those of MaxMind
// (GeoLite2 and GeoIP2 Country, City and ASN), DB-IP, IPinfo, and others with the same keys. Nothing is bundled, and nothing is
// fetched.
//
// dhtcore opens the files and looks up the addresses that it is about to show. A DB remembers what it has looked up; it is safe for
// concurrent use and has a lock of its own.
package geo

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"sync"

	"github.com/oschwald/maxminddb-golang/v2"

	"dhtop/dhtcore/printable"
)

// Place is what the files say of an address. Its texts are printable.
type Place struct {
	Country string // ISO 3166-1 alpha-2, as DE; "" for unknown
	Name    string // of the country in English; "" for unknown
	City    string // "" for unknown
	ASN     uint32 // of the autonomous system; 0 for unknown
	Org     string // that runs it; "" for unknown
}

// Known reports whether anything is known.
func (p Place) Known() bool { return p.Country != "" || p.ASN != 0 }

// String is the shortest form: DE AS24940; "" for an unknown place.
func (p Place) String() string {
	s := p.Country
	if p.ASN != 0 {
		if s != "" {
			s += " "
		}
		s += "AS" + strconv.FormatUint(uint64(p.ASN), 10)
	}
	return s
}

// remembered bounds the addresses whose places a DB remembers: some 8 MB.
const remembered = 1 << 16

// DB is one or several MMDB files. A nil DB knows nothing, nor does an empty one, which Load fills.
type DB struct {
	reading sync.RWMutex // held while files is read: a file that is closed must not be
	files   []*maxminddb.Reader

	mu    sync.RWMutex
	known map[netip.Addr]Place
	texts map[string]string // every text once
}

// probes is how many records of a file are looked at for a place, before it is refused.
const probes = 2000

// New returns an empty DB.
func New() *DB { return &DB{known: make(map[netip.Addr]Place), texts: make(map[string]string)} }

// Load opens MMDB files in place of those that the DB has, and forgets what was looked up in those. Where several files say
// something of an address, the first one that knows a field has it. An error names the file and says what to pass instead; the DB
// keeps its files then.
func (db *DB) Load(paths []string) error {
	var files []*maxminddb.Reader
	for _, path := range paths {
		file, err := openFile(path)
		if err != nil {
			closeFiles(files)
			return err
		}
		files = append(files, file)
	}
	db.reading.Lock()
	files, db.files = db.files, files
	db.mu.Lock()
	clear(db.known)
	clear(db.texts)
	db.mu.Unlock()
	db.reading.Unlock()
	closeFiles(files)
	return nil
}

func closeFiles(files []*maxminddb.Reader) {
	for _, file := range files {
		file.Close() //nolint:errcheck // it was only read
	}
}

// Open returns a DB of MMDB files, see Load; nil for no files.
func Open(paths []string) (*DB, error) {
	if len(paths) == 0 {
		return nil, nil //nolint:nilnil // a nil DB is one that knows nothing
	}
	db := New()
	if err := db.Load(paths); err != nil {
		return nil, err
	}
	return db, nil
}

// Empty reports whether the DB knows nothing, and will know nothing until Load gives it files.
func (db *DB) Empty() bool {
	if db == nil {
		return true
	}
	db.reading.RLock()
	defer db.reading.RUnlock()
	db.mu.RLock()
	defer db.mu.RUnlock()
	return len(db.files) == 0 && len(db.known) == 0
}

// Given returns a DB that knows these places and no others, for tests.
func Given(places map[netip.Addr]Place) *DB {
	return &DB{known: places, texts: make(map[string]string)}
}

func openFile(path string) (*maxminddb.Reader, error) {
	const want = "pass a country, city or ASN database in the MMDB format, as of MaxMind GeoLite2, DB-IP or IPinfo"
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("--mmdb %s: there is no such file", path)
	case err != nil:
		return nil, fmt.Errorf("--mmdb %s: %w", path, errors.Unwrap(err))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("--mmdb %s: it is no regular file: %s", path, want)
	}
	file, err := maxminddb.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrPermission) {
			return nil, fmt.Errorf("--mmdb %s: %w: change its permissions", path, os.ErrPermission)
		}
		return nil, fmt.Errorf("--mmdb %s: it is not in the MMDB format, or damaged: %s", path, want)
	}
	n := 0
	for result := range file.Networks() {
		var record map[string]any
		if result.Decode(&record) == nil {
			var p Place
			if p.read(record); p.Known() {
				return file, nil
			}
		}
		if n++; n == probes {
			break
		}
	}
	kind := printable.String(file.Metadata.DatabaseType)
	file.Close() //nolint:errcheck // it was only read
	return nil, fmt.Errorf("--mmdb %s: a database of the type %q tells neither countries nor AS numbers: %s", path, kind, want)
}

// Close closes the files.
func (db *DB) Close() {
	if db != nil {
		db.Load(nil) //nolint:errcheck // no file is opened
	}
}

// Find returns the place of an address, out of the files if it was not looked up before.
func (db *DB) Find(ip netip.Addr) Place {
	if db == nil {
		return Place{}
	}
	ip = ip.Unmap().WithZone("")
	if p, known := db.recall(ip); known {
		return p
	}
	db.reading.RLock() // until the place is kept: it must not be one of files that Load has replaced
	defer db.reading.RUnlock()
	if len(db.files) == 0 {
		return Place{}
	}
	var p Place
	if ip.IsValid() {
		for _, file := range db.files {
			var record map[string]any
			if file.Lookup(ip).Decode(&record) == nil { // damage in one record is like none
				p.read(record)
			}
		}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if len(db.known) >= remembered {
		clear(db.known)
		clear(db.texts)
	}
	for _, s := range []*string{&p.Country, &p.Name, &p.City, &p.Org} {
		*s = db.once(*s)
	}
	db.known[ip] = p
	return p
}

// Recall returns the place of an address that was looked up before, without a look into the files; the zero value for another.
func (db *DB) Recall(ip netip.Addr) Place {
	if db == nil {
		return Place{}
	}
	p, _ := db.recall(ip.Unmap().WithZone(""))
	return p
}

func (db *DB) recall(ip netip.Addr) (p Place, known bool) {
	db.mu.RLock()
	defer db.mu.RUnlock()
	p, known = db.known[ip]
	return p, known
}

// once returns one copy of equal texts. mu is held.
func (db *DB) once(s string) string {
	if kept, ok := db.texts[s]; ok {
		return kept
	}
	s = strings.Clone(s)
	db.texts[s] = s
	return s
}
