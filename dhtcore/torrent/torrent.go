// Package torrent reads what people paste to name a torrent: a hash in any of its forms, a magnet link, a
// .torrent file.
//
// The commands and the prompts of the explorer call Parse, through dhtcore. Nothing here touches the network;
// files are opened and nothing else. The functions are safe for concurrent use, without locks.
package torrent

import (
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dhtop/dhtcore/metadata"
	"dhtop/dhtcore/wire"
)

// ErrHash is wrapped by every error of Parse but those of its context.
var ErrHash = errors.New("want 40 or 64 hexadecimal or 32 base32 digits, a magnet link or a .torrent file")

// Torrent is a torrent as somebody names it.
type Torrent struct {
	// Hashes are the keys under which the DHT knows it, at least one: the SHA-1 of its info dictionary for
	// version 1 (BEP 3), then the first 20 bytes of the SHA-256 for version 2 (BEP 52). A hybrid torrent has both.
	Hashes []wire.ID
	// V2 is the whole SHA-256 of version 2; zero where it is of version 1, or unknown.
	V2 [sha256.Size]byte
	// Info is the info dictionary as it stands in the file; nil for a hash and for a link.
	Info []byte
	// Trackers are the announce URLs that a link or a file names, as they stand there: the first tier first (BEP 12),
	// none of them twice. Nil for a hash.
	Trackers []string
}

// Metadata returns the name and the files, where a .torrent file has named the torrent. The error wraps
// metadata.ErrInfo.
func (t *Torrent) Metadata() (metadata.Info, error) { return metadata.Parse(t.Info) }

// HasV2 reports whether V2 is known.
func (t *Torrent) HasV2() bool { return t.V2 != [sha256.Size]byte{} }

// ofHash is the torrent of a hash in the DHT.
func ofHash(id wire.ID) Torrent { return Torrent{Hashes: []wire.ID{id}} }

// ofV2 is the torrent of an info_hash of version 2.
func ofV2(sum [sha256.Size]byte) Torrent { return Torrent{Hashes: []wire.ID{truncated(sum)}, V2: sum} }

// ofInfo is the torrent of an info dictionary.
func ofInfo(dict []byte) Torrent {
	t := Torrent{Info: dict}
	v1, v2 := metadata.Versions(dict)
	if v1 {
		t.Hashes = append(t.Hashes, sha1.Sum(dict))
	}
	if v2 {
		t.V2 = sha256.Sum256(dict)
		t.Hashes = append(t.Hashes, truncated(t.V2))
	}
	return t
}

// truncated returns the key of version 2 in the DHT (BEP 52).
func truncated(sum [sha256.Size]byte) wire.ID { return wire.ID(sum[:len(wire.ID{})]) }

// Parse reads what somebody has typed, pasted or dropped. It names one torrent, or several where there are several
// hashes or links, or a link has several: none of them twice. Quotes and brackets around it do not matter. Files are read until ctx ends.
func Parse(ctx context.Context, s string) ([]Torrent, error) {
	s = unwrap(s)
	lower := strings.ToLower(s)
	if !isMagnet(lower) && (strings.HasSuffix(lower, ".torrent") || strings.HasPrefix(lower, "file:") || strings.ContainsRune(s, '/')) {
		return one(parseFile(ctx, s))
	}
	return ParseText(s)
}

// ParseText is Parse without files: it opens none, whatever s names. It is for those who ask from elsewhere.
func ParseText(s string) ([]Torrent, error) {
	s = unwrap(s)
	switch {
	case s == "":
		return nil, fmt.Errorf("no hash: %w", ErrHash)
	case isMagnet(strings.ToLower(s)):
		return each(links(s), parseMagnet)
	}
	return each(strings.Fields(s), func(digits string) ([]Torrent, error) { return one(parseHash(digits)) })
}

// isMagnet reports whether s, in lower case, begins like a magnet link.
func isMagnet(s string) bool {
	return strings.HasPrefix(s, "magnet:") || strings.HasPrefix(s, "magnet%3a")
}

// each parses several lines that were pasted as one.
func each(list []string, parse func(s string) ([]Torrent, error)) (all []Torrent, err error) {
	for _, s := range list {
		torrents, err := parse(s)
		if err != nil {
			return nil, err
		}
		for _, t := range torrents {
			all = add(all, t)
		}
	}
	return all, nil
}

// links splits magnet links that follow each other. What else stands behind a space belongs to a name.
func links(s string) (list []string) {
	starts := nextLink.FindAllStringIndex(s, -1)
	from := 0
	for _, at := range starts {
		list = append(list, s[from:at[0]])
		from = at[0]
	}
	return append(list, s[from:])
}

var nextLink = regexp.MustCompile(`(?i)\smagnet:\?`)

func one(t Torrent, err error) ([]Torrent, error) {
	if err != nil {
		return nil, err
	}
	return []Torrent{t}, nil
}

// unwrap removes what comes along with a paste: spaces, a byte order mark, the quotes of a shell or of a mail.
func unwrap(s string) string {
	s = strings.TrimSpace(strings.TrimPrefix(s, "\ufeff"))
	for _, pair := range []string{`""`, `''`, `<>`, "``"} {
		if len(s) >= 2 && s[0] == pair[0] && s[len(s)-1] == pair[1] {
			return strings.TrimSpace(s[1 : len(s)-1])
		}
	}
	return s
}

// add adds t to list. If one of the list has all its hashes, that one gets its trackers.
func add(list []Torrent, t Torrent) []Torrent {
	for i, has := range list {
		if !slices.ContainsFunc(t.Hashes, func(h wire.ID) bool { return !slices.Contains(has.Hashes, h) }) {
			for _, url := range t.Trackers {
				list[i].Trackers = addTracker(slices.Clip(list[i].Trackers), url)
			}
			return list
		}
	}
	return append(list, t)
}
