"""Small Keras layers for what keras.layers lacks, as text for backends/tensorflow/source.py."""

SNIPPETS = {
    "Bias": '''
class Bias(layers.Layer):
    """Adds one number per channel or per unit; `shape` is (channels,) or that of one image's output."""

    def __init__(self, shape, **options):
        super().__init__(**options)
        self.bias = self.add_weight(shape=shape, initializer="zeros")

    def call(self, x):
        return x + self.bias
''',
    "Pad": '''
class Pad(layers.Layer):
    """Pads with any constant value; layers.ZeroPadding2D pads with zeros only."""

    def __init__(self, sides, value, **options):
        super().__init__(**options)
        self.sides, self.value = sides, value

    def call(self, x):
        return ops.pad(x, [(0, 0), *self.sides, (0, 0)], constant_values=self.value)
''',
    "PartialConv2D": '''
class PartialConv2D(layers.Layer):
    """A convolution whose filters see some of the input channels only: row k of `table` lists those of filter k."""

    def __init__(self, channels, table, kernel_size, strides=1, dilation_rate=1, **options):
        super().__init__(**options)
        self.seen = ops.one_hot(ops.transpose(ops.array(table)), channels)  # (inputs_per_filter, filters, channels)
        self.strides, self.dilation_rate = strides, dilation_rate
        self.kernel = self.add_weight(shape=(*kernel_size, len(table[0]), len(table)))

    def call(self, x):
        whole = ops.einsum("hwsm,smc->hwcm", self.kernel, self.seen)
        return ops.conv(x, whole, self.strides, "valid", dilation_rate=self.dilation_rate)
''',
    "LocallyConnected2D": '''
class LocallyConnected2D(layers.Layer):
    """A convolution with separate kernels at each position; Keras 3 has no such layer."""

    def __init__(self, channels, filters, kernel_size, positions, strides, **options):
        super().__init__(**options)
        self.kernel_size, self.strides = kernel_size, strides
        rows, columns = kernel_size
        self.kernel = self.add_weight(shape=(*positions, rows * columns * channels, filters))

    def call(self, x):
        windows = ops.image.extract_patches(x, self.kernel_size, self.strides, data_format="channels_last")
        return ops.einsum("nijp,ijpm->nijm", windows, self.kernel)
''',
    "PresentAverage": '''
class PresentAverage(layers.Layer):
    """The mean over the cells of a window that are inside the image."""

    def __init__(self, window, strides, sides, **options):
        super().__init__(**options)
        self.window, self.strides, self.sides = window, strides, sides

    def means(self, x):
        return ops.average_pool(ops.pad(x, [(0, 0), *self.sides, (0, 0)]), self.window, self.strides)

    def call(self, x):
        return self.means(x) / self.means(ops.ones_like(x[:1, ..., :1]))
''',
    "L2Pool": '''
class L2Pool(layers.Layer):
    """The root of the sum of squares, with gradient 0 where a window is all zero."""

    def __init__(self, window, strides, **options):
        super().__init__(**options)
        self.window, self.strides = window, strides

    def call(self, x):
        squares = ops.average_pool(x * x, self.window, self.strides) * (self.window[0] * self.window[1])
        return ops.sqrt(ops.where(squares > 0, squares, 1.0)) * ops.cast(squares > 0, x.dtype)
''',
    "LeakyReLU": '''
class LeakyReLU(layers.Layer):
    """LeakyReLU with any slope; layers.LeakyReLU is max(x, slope x), which differs for slopes outside 0 to 1."""

    def __init__(self, slope, **options):
        super().__init__(**options)
        self.slope = slope

    def call(self, x):
        return ops.where(x > 0, x, self.slope * x)
''',
    "Maxout": '''
class Maxout(layers.Layer):
    """The maximum over each group of `pieces` neighbouring channels or features."""

    def __init__(self, pieces, **options):
        super().__init__(**options)
        self.pieces = pieces

    def call(self, x):
        return ops.max(ops.reshape(x, (-1, *x.shape[1:-1], x.shape[-1] // self.pieces, self.pieces)), axis=-1)
''',
    "ClassicDropout": '''
class ClassicDropout(layers.Layer):
    """Drops without scaling in training and scales by 1 - rate afterwards; layers.Dropout scales in training."""

    def __init__(self, rate, **options):
        super().__init__(**options)
        self.rate, self.seed = rate, keras.random.SeedGenerator()

    def call(self, x, training=False):
        if not training:
            return x * (1 - self.rate)
        return x * ops.cast(keras.random.uniform(ops.shape(x), seed=self.seed) >= self.rate, x.dtype)
''',
}
