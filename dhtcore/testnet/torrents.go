package testnet

import (
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math/rand/v2"

	"github.com/anacrolix/torrent/bencode"

	"dhtop/dhtcore/wire"
)

// torrent is an info dictionary of version 1 (BEP 3).
type torrent struct {
	Files       []torrentFile `bencode:"files,omitempty"`
	Length      int64         `bencode:"length,omitempty"`
	Name        string        `bencode:"name"`
	PieceLength int64         `bencode:"piece length"`
	Pieces      []byte        `bencode:"pieces"`
}

type torrentFile struct {
	Length int64    `bencode:"length"`
	Path   []string `bencode:"path"`
}

// InfoHash returns the i-th torrent of a network with the given seed, from 0, the most popular: the
// SHA-1 of its InfoDict.
func InfoHash(seed uint64, i int) wire.ID { return sha1.Sum(InfoDict(seed, i)) }

// InfoDict returns the info dictionary of the i-th torrent of a network with the given seed, bencoded.
// Its name and its files are made up but not without sense; of its data there is nothing.
func InfoDict(seed uint64, i int) []byte {
	r := NewRand(seed ^ uint64(i+1)<<20)
	var t torrent
	switch kind := r.IntN(100); {
	case kind < 30:
		t = diskImage(r)
	case kind < 50:
		t = book(r)
	case kind < 75:
		t = dataset(r)
	case kind < 95:
		t = recordings(r)
	default:
		t = shelf(r)
	}
	t.cut(r)
	return bencode.MustMarshal(t)
}

// How data is cut in pieces: so that there are at most some hundreds, of at least 16 KiB.
const (
	smallestPiece = 16 << 10
	mostPieces    = 512
)

// cut gives t the piece length that a client would choose for its size, and hashes.
func (t *torrent) cut(r *rand.Rand) {
	size := t.Length
	for _, f := range t.Files {
		size += f.Length
	}
	for t.PieceLength = smallestPiece; size/t.PieceLength >= mostPieces; t.PieceLength *= 2 {
	}
	hashes := sha1.Size * int((size+t.PieceLength-1)/t.PieceLength)
	for len(t.Pieces) < hashes {
		t.Pieces = binary.LittleEndian.AppendUint64(t.Pieces, r.Uint64())
	}
	t.Pieces = t.Pieces[:hashes]
}

func diskImage(r *rand.Rand) torrent {
	name := oneOf(r, "debian", "ubuntu", "fedora", "alpine", "opensuse", "archlinux", "nixos", "freebsd")
	version := fmt.Sprintf("%d.%d.%d", 9+r.IntN(16), r.IntN(12), r.IntN(4))
	arch := oneOf(r, "amd64", "arm64", "riscv64", "i386")
	switch oneOf(r, "netinst", "server", "desktop", "live") {
	case "netinst":
		return torrent{Name: fmt.Sprintf("%s-%s-%s-netinst.iso", name, version, arch), Length: between(r, 200<<20, 700<<20)}
	case "server":
		return torrent{Name: fmt.Sprintf("%s-%s-server-%s.iso", name, version, arch), Length: between(r, 1<<30, 3<<30)}
	case "live":
		return torrent{Name: fmt.Sprintf("%s-live-%s-%s-kde.iso", name, version, arch), Length: between(r, 2<<30, 4<<30)}
	}
	return torrent{Name: fmt.Sprintf("%s-%s-desktop-%s.iso", name, version, arch), Length: between(r, 3<<30, 7<<30)}
}

// books are in the public domain everywhere.
var books = [...]string{
	"Jane Austen - Emma", "Jane Austen - Persuasion", "Herman Melville - Moby-Dick", "Mary Shelley - Frankenstein",
	"Homer - The Odyssey", "Charles Dickens - Bleak House", "George Eliot - Middlemarch", "Jules Verne - Vingt mille lieues sous les mers",
	"Lewis Carroll - Alice's Adventures in Wonderland", "Charles Darwin - On the Origin of Species", "Euclid - The Elements",
	"Miguel de Cervantes - Don Quijote", "Johann Wolfgang von Goethe - Die Wahlverwandtschaften", "Gustave Flaubert - L'Éducation sentimentale",
	"Fyodor Dostoevsky - The Idiot", "Anton Chekhov - The Steppe", "Robert Louis Stevenson - Treasure Island", "H. G. Wells - The Time Machine",
}

func bookFile(r *rand.Rand) string {
	return fmt.Sprintf("%s (%d).%s", oneOf(r, books[:]...), 1850+r.IntN(75), oneOf(r, "epub", "pdf", "djvu", "txt"))
}

func book(r *rand.Rand) torrent {
	return torrent{Name: bookFile(r), Length: between(r, 200<<10, 60<<20)}
}

// shelf is a torrent of many files, which all have a folder of their own.
func shelf(r *rand.Rand) torrent {
	t := torrent{Name: fmt.Sprintf("Public domain library, shelf %03d", r.IntN(1000))}
	for i := range 50 + r.IntN(1350) {
		t.Files = append(t.Files, torrentFile{between(r, 200<<10, 8<<20), []string{fmt.Sprintf("%04d", i+1), bookFile(r)}})
	}
	return t
}

func dataset(r *rand.Rand) torrent {
	what := oneOf(r, "rain-gauges", "tide-levels", "street-trees", "bird-counts", "lake-ice", "soil-samples", "bus-arrivals", "star-catalogue", "glacier-photos", "river-flow")
	from := 1880 + r.IntN(130)
	to := from + 1 + r.IntN(15)
	t := torrent{Name: fmt.Sprintf("%s-%d-%d", what, from, to)}
	if r.IntN(2) == 0 {
		t.Name += oneOf(r, ".csv.zst", ".parquet", ".sqlite", ".tar.xz")
		t.Length = between(r, 10<<20, 6<<30)
		return t
	}
	t.Files = append(t.Files, torrentFile{between(r, 2<<10, 20<<10), []string{"README.md"}})
	for year := from; year <= to; year++ {
		t.Files = append(t.Files, torrentFile{between(r, 1<<20, 90<<20), []string{"data", fmt.Sprintf("%s-%d.csv.zst", what, year)}})
	}
	return t
}

func recordings(r *rand.Rand) torrent {
	place := oneOf(r, "Tromsø", "São Miguel", "Lake Baikal", "Isle of Skye", "Hokkaidō", "Patagonia", "Faroe Islands", "Kraków", "Camargue", "Otago")
	t := torrent{Name: fmt.Sprintf("Field recordings %03d - %s", 1+r.IntN(400), place)}
	for i := range 4 + r.IntN(24) {
		t.Files = append(t.Files, torrentFile{between(r, 8<<20, 90<<20), []string{fmt.Sprintf("%02d - %s %s.flac", i+1,
			oneOf(r, "Gulls", "Rain", "Harbour", "Wind", "Frogs", "Church bells", "Night train", "Surf", "Owls", "Market"),
			oneOf(r, "at dawn", "at dusk", "after the storm", "from the pier", "in the reeds", "at midnight", "below the bridge"))}})
	}
	return t
}

func oneOf(r *rand.Rand, all ...string) string { return all[r.IntN(len(all))] }

func between(r *rand.Rand, least, most int64) int64 { return least + r.Int64N(most-least) }
