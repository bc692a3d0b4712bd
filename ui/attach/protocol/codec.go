package protocol

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// encMode writes numbers as short as they are.
var encMode = must(cbor.EncOptions{ShortestFloat: cbor.ShortestFloat16, NaNConvert: cbor.NaNConvert7e00}.EncMode())

// decMode bounds what a message may ask for. A frame is bytes in it, which package record bounds.
var decMode = must(cbor.DecOptions{MaxNestedLevels: 16, MaxArrayElements: 4096, MaxMapPairs: 256, DupMapKey: cbor.DupMapKeyEnforcedAPF}.DecMode())

func must[M any](mode M, err error) M {
	if err != nil {
		panic(err) // the options above are valid
	}
	return mode
}

// ErrMessage is wrapped by the errors of a message that is none.
var ErrMessage = errors.New("a message of another form was expected")

// Encode returns a message, or what it carries.
func Encode(v any) ([]byte, error) { return encMode.Marshal(v) }

// Decode reads what Encode returned. Members that v does not have are passed over.
func Decode(b []byte, v any) error {
	if err := decMode.Unmarshal(b, v); err != nil {
		return fmt.Errorf("%w: %w", ErrMessage, err)
	}
	return nil
}

// NewRequest returns the message of an Op. ID 0 asks for no Answer.
func (o Op[A, R]) NewRequest(id uint64, args A) ([]byte, error) {
	r := Request{ID: id, Op: o.Name}
	if _, none := any(args).(None); !none {
		var err error
		if r.Args, err = Encode(args); err != nil {
			return nil, err
		}
	}
	return Encode(r)
}

// Args reads what a Request carries.
func (o Op[A, R]) Args(r *Request) (args A, err error) {
	if _, none := any(args).(None); none {
		return args, nil
	}
	return args, Decode(r.Args, &args)
}
