package dhtcore

import (
	"context"
	"iter"

	"dhtop/dhtcore/torrent"
)

// Torrent is a torrent as somebody names it, with its hashes in the DHT.
type Torrent = torrent.Torrent

// ErrHash is wrapped by the errors of ParseTorrents.
var ErrHash = torrent.ErrHash

// ParseTorrents reads a hash, a magnet link or the path of a .torrent file, in every form that people paste. It
// returns at least one torrent, and several where a link names them. Files are read until ctx ends.
func ParseTorrents(ctx context.Context, s string) ([]Torrent, error) { return torrent.Parse(ctx, s) }

// ParseTorrentText is ParseTorrents of a hash or a magnet link. It opens no file: it is for what comes over the network.
func ParseTorrentText(s string) ([]Torrent, error) { return torrent.ParseText(s) }

// ParseTorrentFile reads the content of a .torrent file. An error has a remedy.
func ParseTorrentFile(content []byte) (Torrent, error) { return torrent.ParseFile(content) }

// TorrentFiles returns the paths of the .torrent files in a directory, sorted.
func TorrentFiles(dir string) ([]string, error) { return torrent.Files(dir) }

// ParseEscapedHash reads a hash as it stands in the query of an announce, percent-encoded in part.
func ParseEscapedHash(s string) (hash ID, ok bool) { return torrent.ParseEscaped(s) }

// LearnTorrent takes in what somebody knows of a torrent: which hashes are its own, its trackers, and the name and the
// files that stand in its file. It is seen in Snapshot.SameTorrent and Snapshot.Metadata.
func (e *Explorer) LearnTorrent(t *Torrent) {
	e.scraper.learn(t)
	if len(t.Hashes) == 2 {
		e.hybrids.Add(t.Hashes[0], t.Hashes[1])
	}
	info, err := t.Metadata()
	if err != nil {
		return // no file named it, or an odd one: its peers may tell
	}
	for _, hash := range t.Hashes {
		e.names.Learn(hash, &info)
	}
}

// MagnetParams iterates over the parameters of a magnet link, their names in lower case.
func MagnetParams(link string) iter.Seq2[string, string] { return torrent.Params(link) }

// MagnetName returns the name that a magnet link gives its torrent, as it stands there; "" for none.
func MagnetName(link string) string { return torrent.MagnetName(link) }
