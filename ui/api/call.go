package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
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
}

// failed is the error of a call, with the status to answer: a sentence with a remedy.
type failed struct {
	status int
	text   string
}

func (f *failed) Error() string { return f.text }

// fail returns the answer that says what is wrong with a call. An error that is not a failed one is a bad request.
func fail(err error) (status int, document any) {
	if f := (*failed)(nil); errors.As(err, &f) {
		return f.status, problem{f.text}
	}
	return http.StatusBadRequest, problem{err.Error()}
}

// body reads the whole body.
func (c *call) body() ([]byte, error) {
	b, err := io.ReadAll(c.Body)
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return nil, &failed{http.StatusRequestEntityTooLarge, fmt.Sprintf("the body has more than %d bytes: send less", large.Limit)}
	}
	if err != nil {
		return nil, &failed{http.StatusBadRequest, "the body broke off: send it again"}
	}
	return b, nil
}

// decode reads the body as one JSON document of the form of document, without fields that it does not have.
func (c *call) decode(document any) error {
	b, err := c.body()
	if err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(document); err != nil {
		return errors.New("the body is not the JSON document that this path takes: " + jsonFault(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body has more than one JSON document: send one")
	}
	return nil
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
	case errors.As(err, &syntax):
		return fmt.Sprintf("no JSON from byte %d on", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Sprintf("%s is of the type %s", cmp.Or(kind.Field, "the document"), kind.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ") // an unknown field
}
