package dhtcore

import (
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/anacrolix/torrent/metainfo"

	"dhtop/dhtcore/wire"
)

// ErrHash is wrapped by every error of ParseHash.
var ErrHash = errors.New("want 40 hexadecimal or 32 base32 digits, a magnet link or a .torrent file")

// maxTorrent bounds what is read of a .torrent file.
const maxTorrent = 64 << 20

// ParseHash reads an info_hash in any form in which people have it: 40 hexadecimal digits, 32 base32
// digits (BEP 9), a magnet link, or the path of a .torrent file.
func ParseHash(s string) (ID, error) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return ID{}, fmt.Errorf("no hash: %w", ErrHash)
	case strings.HasPrefix(strings.ToLower(s), "magnet:"):
		return parseMagnet(s)
	case strings.HasSuffix(strings.ToLower(s), ".torrent"):
		return parseTorrent(s)
	case len(s) == 2*len(ID{}):
		id, err := wire.ParseID(s)
		if err != nil {
			return ID{}, fmt.Errorf("%w: %w", err, ErrHash)
		}
		return id, nil
	case len(s) == base32.StdEncoding.EncodedLen(len(ID{})):
		var id ID
		if _, err := base32.StdEncoding.Decode(id[:], []byte(strings.ToUpper(s))); err != nil {
			return ID{}, fmt.Errorf("%q is not base32: %w", s, ErrHash)
		}
		return id, nil
	}
	return ID{}, fmt.Errorf("%.60q has %d characters: %w", s, len(s), ErrHash)
}

func parseMagnet(s string) (ID, error) {
	m, err := metainfo.ParseMagnetV2Uri(s)
	switch {
	case err != nil:
		return ID{}, fmt.Errorf("magnet link: %w: %w", err, ErrHash)
	case m.InfoHash.Ok:
		return ID(m.InfoHash.Value), nil
	case m.V2InfoHash.Ok:
		return ID(m.V2InfoHash.Value[:len(ID{})]), nil // the DHT knows a v2 torrent by the first 20 bytes (BEP 52)
	}
	return ID{}, fmt.Errorf("magnet link without a btih or btmh topic: %w", ErrHash)
}

func parseTorrent(path string) (ID, error) {
	info, err := os.Stat(path)
	if err != nil {
		return ID{}, fmt.Errorf("torrent file: %w", err)
	}
	if info.Size() > maxTorrent {
		return ID{}, fmt.Errorf("%s: %d bytes are too many for a torrent file: %w", path, info.Size(), ErrHash)
	}
	mi, err := metainfo.LoadFromFile(path)
	if err != nil || len(mi.InfoBytes) == 0 {
		return ID{}, fmt.Errorf("%s is not a torrent file: %w", path, ErrHash)
	}
	return ID(mi.HashInfoBytes()), nil
}
