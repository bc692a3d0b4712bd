package api

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// hexBytes are bytes that stand in JSON as hexadecimal digits.
type hexBytes []byte

// MarshalJSON implements json.Marshaler.
func (h hexBytes) MarshalJSON() ([]byte, error) {
	return append(hex.AppendEncode([]byte{'"'}, h), '"'), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	if *h, err = hex.DecodeString(string(text)); err != nil {
		return errors.New("key, salt_hex, sig and value_hex are hexadecimal digits")
	}
	return nil
}

// getCommand is what POST /api/v1/get takes: the target of an item, or the key that a mutable one belongs to.
type getCommand struct {
	Target  *dhtcore.ID `json:"target,omitempty"`
	Key     hexBytes    `json:"key,omitempty"`
	Salt    string      `json:"salt,omitempty"`
	SaltHex hexBytes    `json:"salt_hex,omitempty"` // where the salt is no text
}

// getItem looks for an item (BEP 44) and answers when that is done.
func getItem(c *call) (status int, document any) {
	var order getCommand
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	it := dhtcore.Item{Key: order.Key}
	if it.Salt = order.SaltHex; order.Salt != "" {
		it.Salt = []byte(order.Salt)
	}
	var target dhtcore.ID
	switch {
	case (order.Target == nil) == (order.Key == nil):
		return fail(badParam("target", "pass either target or key"))
	case order.Target != nil:
		target = *order.Target
	case len(order.Key) != ed25519.PublicKeySize:
		return fail(badParam("key", "key has %d bytes: want %d", len(order.Key), ed25519.PublicKeySize))
	default:
		target = it.Target()
	}
	if len(it.Salt) > dhtcore.MaxSalt {
		return fail(badParam("salt", "the salt has %d bytes: at most %d are allowed", len(it.Salt), dhtcore.MaxSalt))
	}
	var got report.Get
	err := c.waiting(waitTimeout, func(ctx context.Context) error {
		l := c.explorer.Get(ctx, target, it.Salt)
		got = report.NewGet(&l, c.options)
		return nil
	})
	if err != nil {
		return fail(err)
	}
	return found(got)
}

// putCommand is what POST /api/v1/put takes. A mutable item is signed by who has its key: no key comes over HTTP.
type putCommand struct {
	Value    *string  `json:"value,omitempty"`     // a text, which is stored as a bencoded string
	ValueHex hexBytes `json:"value_hex,omitempty"` // or bencode as it is
	Key      hexBytes `json:"key,omitempty"`       // of a mutable item: the ed25519 public key,
	Salt     string   `json:"salt,omitempty"`
	SaltHex  hexBytes `json:"salt_hex,omitempty"` // where the salt is no text
	Seq      *int64   `json:"seq,omitempty"`      // the sequence number,
	Sig      hexBytes `json:"sig,omitempty"`      // and the signature (BEP 44)
	CAS      *int64   `json:"cas,omitempty"`      // the number of the version to replace
}

// putItem stores an item and answers when that is done.
func putItem(c *call) (status int, document any) {
	var order putCommand
	if err := c.decode(&order); err != nil {
		return fail(err)
	}
	it, err := order.item()
	if err != nil {
		return fail(err)
	}
	var put report.Put
	err = c.waiting(waitTimeout, func(ctx context.Context) error {
		l, err := c.explorer.Put(ctx, it, nil)
		put = report.NewPut(&l, it, c.options)
		if errors.Is(err, dhtcore.ErrNewer) || errors.Is(err, dhtcore.ErrConflict) {
			return problemf(http.StatusConflict, "%s: get it, and sign one with a higher seq", err)
		}
		return nil // put says who stored it, if anybody
	})
	if err != nil {
		return fail(err)
	}
	put.SetExternal(c.explorer.Snapshot().Nodes, c.options)
	return found(put)
}

// item is what is to be stored.
func (p *putCommand) item() (*dhtcore.Item, error) {
	it := &dhtcore.Item{Value: p.ValueHex, Key: p.Key, Salt: p.SaltHex, Sig: p.Sig}
	switch {
	case (p.Value == nil) == (p.ValueHex == nil):
		return nil, badParam("value", "pass either value or value_hex")
	case p.Value != nil:
		it.Value = append(strconv.AppendInt(nil, int64(len(*p.Value)), 10), ":"+*p.Value...)
	}
	if p.Salt != "" {
		it.Salt = []byte(p.Salt)
	}
	if p.Seq != nil {
		it.Seq, it.HasSeq = *p.Seq, true
	}
	if p.CAS != nil {
		it.CAS, it.HasCAS = *p.CAS, true
	}
	if p.Key == nil && (it.HasSeq || it.HasCAS || it.Salt != nil || it.Sig != nil) {
		return nil, badParam("key", "salt, seq, sig and cas are for mutable items: pass key as well")
	}
	if err := it.Check(); err != nil {
		return nil, fmt.Errorf("no node would store this: %w", err)
	}
	return it, nil
}
