package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"

	"dhtop/dhtcore"
	"dhtop/views/report"
)

// defaultBody is how many bytes the body of a request may have, where its route does not say otherwise.
const defaultBody = 64 << 10

// call is a request with what it is answered from. Its Body is bounded.
type call struct {
	*http.Request
	explorer *dhtcore.Explorer
	options  report.Options
	feed     *feed
	pages    *pageFeed
	attached *attachHub
	places   chan struct{}       // holds a token for each request that waits, see waiting
	w        http.ResponseWriter // for headers; the document is what answers return
	values   map[string]any      // the parameters, see value
	end      func()              // see Config.End
}

// body reads the whole body.
func (c *call) body() ([]byte, error) {
	b, err := io.ReadAll(c.Body)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, problemf(http.StatusRequestEntityTooLarge, "the body has more than %d bytes: send less", large.Limit)
	}
	if err != nil {
		return nil, problemf(http.StatusBadRequest, "the body broke off: send it again")
	}
	return b, nil
}

// decode reads the body as one JSON document of the form of document, without members that it does not have: a misspelled
// one must not be taken for one that is left out.
func (c *call) decode(document any) error {
	if kind, _, err := mime.ParseMediaType(c.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return problemf(http.StatusUnsupportedMediaType, "this path takes a JSON document: send Content-Type: application/json").
			with("Accept", "application/json")
	}
	b, err := c.body()
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(document); err != nil {
		return badParam(faultyMember(err), "the body is not the JSON document that this path takes: %s", jsonFault(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body has more than one JSON document: send one")
	}
	return nil
}

// faultyMember returns the member of a document that an error of encoding/json is about, "" for none.
func faultyMember(err error) string {
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return kind.Field
	}
	name, _ := strings.CutPrefix(err.Error(), "json: unknown field ")
	if name == err.Error() {
		return ""
	}
	return strings.Trim(name, `"`)
}

// jsonFault says what is wrong with a JSON document, in words that name nothing of this program.
func jsonFault(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it is cut off"
	case errors.As(err, &syntax) && strings.HasPrefix(syntax.Error(), "unexpected end"):
		return "it is cut off"
	case syntax != nil:
		return fmt.Sprintf("no JSON from byte %d on", syntax.Offset)
	case errors.As(err, &kind) && strings.HasPrefix(kind.Value, "number "): // with its digits: it is a number, and another is wanted
		return fmt.Sprintf("%s cannot be %s: %s", kind.Field, strings.TrimPrefix(kind.Value, "number "), numberWanted(kind.Type))
	case kind != nil:
		return fmt.Sprintf("%s is of the type %s", cmp.Or(kind.Field, "the document"), kind.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ") // an unknown field
}

// numberWanted says which numbers fit into a type.
func numberWanted(t reflect.Type) string {
	switch t.Kind() { //nolint:exhaustive // the rest holds every number
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return fmt.Sprintf("want a whole number from 0 to %d", uint64(1)<<t.Bits()-1)
	case reflect.Uint, reflect.Uint64:
		return "want a whole number, 0 or more"
	case reflect.Float32, reflect.Float64:
		return "it is too large"
	}
	return "want a whole number"
}
