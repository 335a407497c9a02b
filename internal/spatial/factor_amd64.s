#include "textflag.h"

// Right of pivot k a row is told by the twelve numbers from 5−k on.
DATA right<>+0(SB)/8, $0
DATA right<>+8(SB)/8, $0
DATA right<>+16(SB)/8, $0
DATA right<>+24(SB)/8, $0
DATA right<>+32(SB)/8, $0
DATA right<>+40(SB)/8, $0
DATA right<>+48(SB)/8, $-1
DATA right<>+56(SB)/8, $-1
DATA right<>+64(SB)/8, $-1
DATA right<>+72(SB)/8, $-1
DATA right<>+80(SB)/8, $-1
GLOBL right<>(SB), RODATA|NOPTR, $88

// func factorAVX(lu *[36]float64, perm *[6]uint8) (ok bool)
//
// AX the matrix, DX its end, CX perm, R8 the pivot's row k, BX the pivot, DI where the numbers for k begin.
TEXT ·factorAVX(SB), NOSPLIT, $0-17
	MOVQ  lu+0(FP), AX
	MOVQ  perm+8(FP), CX
	LEAQ  288(AX), DX
	MOVQ  AX, R8
	MOVQ  AX, BX
	LEAQ  right<>+40(SB), DI
	VPCMPEQQ X15, X15, X15
	VPSRLQ   $1, X15, X15   // all but the sign
	VPSLLQ   $53, X15, X14
	VPSRLQ   $1, X14, X14   // +Inf
	VXORPD   X13, X13, X13
	XORQ  R13, R13          // k

pivot:
	VMOVSD (BX), X0
	VANDPD X15, X0, X0      // the largest so far,
	MOVQ   BX, R9           // and where it is
	MOVQ   R13, R12
	MOVQ   R13, R11
	MOVQ   BX, R10

search:
	ADDQ     $48, R10
	INCQ     R11
	CMPQ     R10, DX
	JCC      found
	VMOVSD   (R10), X1
	VANDPD   X15, X1, X1
	VUCOMISD X0, X1
	JLS      search
	VMOVAPD  X1, X0
	MOVQ     R10, R9
	MOVQ     R11, R12
	JMP      search

found:
	VUCOMISD X13, X0
	JLS      singular       // zero or not a number
	VUCOMISD X14, X0
	JEQ      singular       // infinite
	MOVB     R12, (CX)(R13*1)
	VMOVUPD  (R8), Y1
	VMOVUPD  32(R8), X2
	CMPQ     R9, BX
	JEQ      pivoted
	SUBQ     BX, R9
	ADDQ     R8, R9         // the other row
	VMOVUPD  (R9), Y3
	VMOVUPD  32(R9), X4
	VMOVUPD  Y1, (R9)
	VMOVUPD  X2, 32(R9)
	VMOVUPD  Y3, (R8)
	VMOVUPD  X4, 32(R8)
	VMOVAPD  Y3, Y1
	VMOVAPD  X4, X2

pivoted:
	VMOVSD  one<>(SB), X5
	VDIVSD  (BX), X5, X5
	VMOVUPD (DI), Y3        // what of a row is right of the pivot
	VMOVUPD 32(DI), X4
	MOVQ    BX, R10
	MOVQ    R8, R9

clear:
	ADDQ        $48, R10
	ADDQ        $48, R9
	CMPQ        R10, DX
	JCC         cleared
	VMULSD      (R10), X5, X7
	VMOVDDUP    X7, X8
	VINSERTF128 $1, X8, Y8, Y8
	VMULPD      Y1, Y8, Y9
	VMULPD      X2, X8, X10
	VMOVUPD     (R9), Y11
	VSUBPD      Y9, Y11, Y9
	VBLENDVPD   Y3, Y9, Y11, Y11
	VMOVUPD     32(R9), X12
	VSUBPD      X10, X12, X10
	VBLENDVPD   X4, X10, X12, X12
	VMOVUPD     Y11, (R9)
	VMOVUPD     X12, 32(R9)
	VMOVSD      X7, (R10)
	JMP         clear

cleared:
	INCQ R13
	ADDQ $48, R8
	ADDQ $56, BX
	SUBQ $8, DI
	CMPQ R8, DX
	JCS  pivot
	MOVB $1, ok+16(FP)
	VZEROUPPER
	RET

singular:
	MOVB $0, ok+16(FP)
	VZEROUPPER
	RET

DATA one<>+0(SB)/8, $1.0
GLOBL one<>(SB), RODATA|NOPTR, $8
