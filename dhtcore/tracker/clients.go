package tracker

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// Clients are told apart by the first letters of their peer IDs (BEP 20): most send "-TR4050-", a code of two letters
// and a version.
const (
	codeLetters  = 62 // A-Z, a-z and 0-9
	clientCodes  = codeLetters * codeLetters
	mainlineCode = clientCodes     // "M7-2-0--"
	aria2Code    = clientCodes + 1 // "A2-1-37-0-"
	otherCode    = clientCodes + 2
)

// OtherClients is the name of the clients whose peer IDs have no code, and of those that Clients has no room for.
const OtherClients = "all others"

// clientNames are the names of the codes that are common.
var clientNames = map[string]string{
	"7T": "aTorrent", "AG": "Ares", "AZ": "Vuze", "BC": "BitComet", "BI": "BiglyBT", "BT": "BitTorrent", "DE": "Deluge", "FD": "Free Download Manager",
	"FW": "FrostWire", "GT": "anacrolix", "HL": "Halite", "KT": "KTorrent", "LT": "libtorrent", "PI": "PicoTorrent", "RN": "Rain", "SD": "Xunlei",
	"TL": "Tribler", "TR": "Transmission", "TX": "Tixati", "UM": "µTorrent Mac", "UT": "µTorrent", "UW": "µTorrent Web", "WD": "WebTorrent Desktop",
	"WW": "WebTorrent", "XF": "Xfplay", "XL": "Xunlei", "lt": "rTorrent", "qB": "qBittorrent", "tT": "tTorrent",
}

// clients count the announces of each client, in bounded memory.
type clients [otherCode + 1]atomic.Uint64

// letterNumber numbers the letters of codes from 0; codeLetters for any other byte.
var letterNumber = func() (numbers [256]uint8) {
	for i := range numbers {
		numbers[i] = codeLetters
	}
	for i := range codeLetters {
		numbers[letter(i)] = uint8(i)
	}
	return numbers
}()

// letter is the letter of a number.
func letter(n int) byte {
	return "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"[n]
}

// count counts an announce.
func (c *clients) count(peerID *[20]byte) { c[codeOf(peerID)].Add(1) }

// codeOf returns where the client of a peer ID is counted.
func codeOf(id *[20]byte) int {
	first, second := letterNumber[id[1]], letterNumber[id[2]]
	switch {
	case id[0] == '-' && first < codeLetters && second < codeLetters:
		return int(first)*codeLetters + int(second)
	case id[0] == 'M' && id[1] >= '0' && id[1] <= '9' && (id[2] == '-' || id[3] == '-'):
		return mainlineCode
	case id[0] == 'A' && id[1] == '2' && id[2] == '-':
		return aria2Code
	}
	return otherCode
}

// nameOf is the name of a code.
func nameOf(code int) string {
	switch code {
	case mainlineCode:
		return "BitTorrent"
	case aria2Code:
		return "aria2"
	case otherCode:
		return OtherClients
	}
	two := string([]byte{letter(code / codeLetters), letter(code % codeLetters)})
	return cmp.Or(clientNames[two], two)
}

// Client is one kind of client.
type Client struct {
	Name      string // of the program, or the two letters of its code; OtherClients for the rest
	Announces uint64 // so far
}

// Clients returns the kinds of clients that have announced, the most frequent first, at most n of them, of which the
// last may be OtherClients. Its sum is that of the accepted announces.
func (t *Tracker) Clients(n int) (all []Client) {
	byName := make(map[string]uint64)
	for code := range t.clients {
		if announces := t.clients[code].Load(); announces > 0 {
			byName[nameOf(code)] += announces
		}
	}
	others := byName[OtherClients]
	delete(byName, OtherClients)
	for name, announces := range byName {
		all = append(all, Client{name, announces})
	}
	slices.SortFunc(all, func(a, b Client) int {
		return cmp.Or(cmp.Compare(b.Announces, a.Announces), cmp.Compare(a.Name, b.Name))
	})
	if n = max(n, 1); len(all) > n || len(all) == n && others > 0 {
		for _, c := range all[n-1:] {
			others += c.Announces
		}
		all = all[:n-1]
	}
	if others > 0 {
		all = append(all, Client{OtherClients, others})
	}
	return all
}
