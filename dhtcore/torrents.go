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

// MagnetParams iterates over the parameters of a magnet link, their names in lower case.
func MagnetParams(link string) iter.Seq2[string, string] { return torrent.Params(link) }
